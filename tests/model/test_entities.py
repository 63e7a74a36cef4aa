import pytest

from seawall.model.entities import Entity


def test_entities_sort_by_type_value_role() -> None:
    entities = [
        Entity("ip", "203.0.113.9", "source"),
        Entity("account", "x", "target"),
        Entity("account", "x", "actor"),
    ]
    assert [(e.type, e.role) for e in sorted(entities)] == [
        ("account", "actor"),
        ("account", "target"),
        ("ip", "source"),
    ]


@pytest.mark.parametrize(("kind", "role"), [("router", "actor"), ("device", "victim")])
def test_words_outside_the_vocabulary_are_refused(kind: str, role: str) -> None:
    with pytest.raises(ValueError, match=r"no (entity type|role) is called"):
        Entity(kind, "x", role)  # type: ignore[arg-type]
