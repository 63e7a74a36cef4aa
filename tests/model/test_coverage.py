from seawall.model.coverage import Coverage


def test_what_could_not_be_seen_carries_the_setting_that_would_change_it() -> None:
    gap = Coverage("pe01", "D-01", "could not be seen", "no command accounting", "aaa accounting commands 15 …")
    assert gap.setting
