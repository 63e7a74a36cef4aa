from seawall.model.action import Action


def test_a_block_knows_its_way_back() -> None:
    action = Action("1", "acl", "pe01", "block", "deny ip host 203.0.113.9 any", "no deny …", "beacon")
    assert action.undo
