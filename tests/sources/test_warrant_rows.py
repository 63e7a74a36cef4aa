from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from seawall.errors import InputError
from seawall.sources.json_places import JsonText, Placed
from seawall.sources.scrubbing import Scrub
from seawall.sources.warrant_rows import Frame, Order, plain, squeezed
from tests.sources.reading import READING

FRAME = Frame({}, READING)


def placed(content: bytes) -> Placed:
    return JsonText(content).value(0)[0]


def order(raw: dict[str, Any]) -> Order:
    return Order(1, Placed(raw, 7, 9, b""), FRAME)


@pytest.mark.parametrize(
    ("targets", "found"),
    [
        ([{"format": "IMSI", "value": "1"}], [("IMSI", "1", "/targets/0")]),
        ({"format": "IMSI", "value": " 1 "}, [("IMSI", "1", "/targets")]),
        (
            {"IMSI": "1", "NAI": ["a", "b"]},
            [("IMSI", "1", "/targets/IMSI"), ("NAI", "a", "/targets/NAI/0"), ("NAI", "b", "/targets/NAI/1")],
        ),
        (["tel:+1"], [("", "tel:+1", "/targets/0")]),
        ("tel:+1", [("", "tel:+1", "/targets")]),
        ([{"Type": "IMSI", "identifier": 530011234567890}], [("IMSI", "530011234567890", "/targets/0")]),
        ([{"format": "IMSI", "value": 5.0e3}], [("IMSI", "5000", "/targets/0")]),
        ([[{"format": "IMSI", "value": "1"}]], [("IMSI", "1", "/targets/0/0")]),
        ([{"format": "X", "value": {"deep": 1}}], [("X", '{"deep": 1}', "/targets/0")]),
        (None, []),
        ([], []),
    ],
)
def test_targets_come_in_many_shapes(targets: object, found: list[tuple[str, str, str]]) -> None:
    made = order({"targets": targets})
    assert [(t.form, t.value, t.pointer) for _, t in made.targets] == found
    assert all((t.offset, t.length) == (7, 9) for _, t in made.targets)


def test_a_key_that_tells_a_target_is_shown_by_itself() -> None:
    made = order(
        {"Warrant-ID": "W-64218096792", "liid": "NZ1", "native_id": {"Value": "64218096792"}, "targets": "tel:+1"}
    )
    places = {name: target.pointer for name, target in made.telltale(Scrub(["64218096792"]))}
    assert places == {"warrant_id": "/Warrant-ID", "native_value": "/native_id/Value"}


def test_a_target_without_a_value_is_counted_not_swallowed() -> None:
    made = order(
        {
            "targets": [
                {"format": "IMSI", "value": None},
                {"format": "IMSI", "value": ""},
                {"format": "IMSI", "value": "1"},
            ]
        }
    )
    assert made.troubles == ["a target without a value"] * 2
    assert len(made.targets) == 1


def test_an_order_that_is_ambiguous_or_no_object_is_refused() -> None:
    for content in (b"[1]", b"7", b'{"targets": [], "targets": [1]}', b'{"targets": [{"value": 1, "value": 2}]}'):
        with pytest.raises(InputError):
            Order(1, placed(content), FRAME)


@pytest.mark.parametrize(
    ("text", "zone", "end", "moment"),
    [
        ("2026-03-18T10:00:00Z", None, False, datetime(2026, 3, 18, 10, tzinfo=UTC)),
        ("2026-03-18T10:00:00+13:00", None, False, datetime(2026, 3, 17, 21, tzinfo=UTC)),
        ("2026-03-18 10:00", "Pacific/Auckland", False, datetime(2026, 3, 17, 21, tzinfo=UTC)),
        ("2026-03-18", None, False, datetime(2026, 3, 18, tzinfo=UTC)),
        ("2026-03-18", None, True, datetime(2026, 3, 18, 23, 59, 59, 999_999, tzinfo=UTC)),
        ("2026-10-25T02:30:00", "Europe/Berlin", False, datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("soon", None, False, None),
        (None, None, False, None),
    ],
)
def test_a_time_is_its_instant(text: str | None, zone: str | None, end: bool, moment: datetime | None) -> None:
    frame = Frame({"registry_tz": zone} if zone else {}, READING)
    micros = frame.instant(text, end=end)
    assert micros == (None if moment is None else int(moment.timestamp() * 1_000_000) + moment.microsecond % 1)
    assert frame.zone_assumed == (moment is not None and zone is None and "Z" not in str(text) and "+" not in str(text))


def test_names_and_values_are_read_leniently() -> None:
    assert squeezed(" Warrant-ID ") == squeezed("warrantId") == "warrantid"
    assert plain(" a\ud800 ") == "a\ufffd"
