"""The engine against Sigma read word for word, over thousands of random rules and events."""

from __future__ import annotations

import os
from base64 import b64encode
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from sigma.rule import SigmaRule

from seawall.detect.sigma import modifiers, regexes
from seawall.detect.sigma.compiling import condition_from
from seawall.detect.sigma.kernel import match
from seawall.detect.sigma.plan import Group, Plan
from seawall.engine.gathered import gathered
from tests.detect.sigma import naive

modifiers.teach()

EXAMPLES = int(os.environ.get("SEAWALL_EXAMPLES", "400"))
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("f", "g", "ip", "t", "d", "e")),
        ("n", pa.int64()),
        ("b", pa.bool_()),
    ]
)
LETTERS = "aAbB.\\ -"
TEXTS = st.text(alphabet=LETTERS, max_size=6)
ADDRESSES = st.sampled_from(["192.0.2.7", "192.0.2.130", "2001:db8::1", "2001:db8:1::1", "192.0.2", ""])
TIMES = st.sampled_from(
    ["2026-12-31T23:05:00+00:00", "2026-01-01 00:05:59", "2026-06-15T12:30:00+02:00", "never", "2026-12-31"]
)
DASHED = st.text(alphabet="ab -/\u2013\u2014", max_size=6)
SECRETS = ("ab", "Ab-", "a b", "é", "漢")
ENCODED = st.builds(
    lambda before, text, codec: b64encode(b"x" * before + text.encode(codec) + b"yz").decode(),
    st.integers(0, 3),
    st.sampled_from(SECRETS),
    st.sampled_from(["utf-8", "utf-16le", "utf-16be"]),
)
EVENTS = st.lists(
    st.fixed_dictionaries(
        {
            "f": st.one_of(st.none(), TEXTS),
            "g": st.one_of(st.none(), TEXTS),
            "ip": st.one_of(st.none(), ADDRESSES),
            "t": st.one_of(st.none(), TIMES),
            "d": st.one_of(st.none(), DASHED),
            "e": st.one_of(st.none(), ENCODED),
            "n": st.one_of(st.none(), st.integers(-2, 12)),
            "b": st.one_of(st.none(), st.booleans()),
        }
    ),
    min_size=1,
    max_size=10,
)

VALUES = st.text(alphabet=LETTERS + "*?", max_size=4)
PLAIN = st.text(alphabet="aAbB. -", min_size=1, max_size=3)


def item(keys: list[str], values: st.SearchStrategy[Any], *, many: bool = True) -> st.SearchStrategy[tuple[str, Any]]:
    value = st.one_of(values, st.lists(values, min_size=1, max_size=3)) if many else values
    return st.tuples(st.sampled_from(keys), value)


PLACES = ("", "|contains", "|startswith", "|endswith")
TEXT_KEYS = [
    *(field + place + more for field in "fgh" for place in PLACES for more in ("", "|cased")),
    "f|contains|all",
    "g|neq",
    "f|contains|neq",
    "f|startswith|all",
    "f|contains|all|cased",
]
DASHES = st.text(alphabet="ab -/", min_size=1, max_size=4).filter(lambda v: sum(c in "-/" for c in v) <= 3)
ITEMS = st.one_of(
    item(TEXT_KEYS, VALUES),
    item(["f|re", "g|re|i", "f|re|m|s"], st.sampled_from(["^a", "b$", "a.b", "[ab]{2}", "(?i)ab", "^$", "a|\\."])),
    item(["n", "n|neq"], st.integers(-2, 12)),
    item(["n|gt", "n|gte", "n|lt", "n|lte", "f|gt", "h|lt"], st.one_of(st.integers(-2, 12), st.just(0.5)), many=False),
    item(["n"], st.sampled_from(["1", "1*", "?", "-2"])),
    item(["b", "b|neq"], st.sampled_from([True, False, "true", "False", "t*"])),
    item(["f", "n", "b", "h", "g|neq"], st.none(), many=False),
    item(["f|exists", "n|exists", "h|exists"], st.booleans(), many=False),
    item(
        ["ip|cidr", "f|cidr"],
        st.sampled_from(["192.0.2.0/25", "192.0.2.0/24", "2001:db8::/48", "2001:db8::/32", "::/0"]),
    ),
    item(
        ["f|fieldref", "f|fieldref|startswith", "g|fieldref|endswith", "f|fieldref|contains"],
        st.sampled_from("fgh"),
        many=False,
    ),
    item(
        ["t|hour", "t|minute", "t|day", "t|week", "t|month", "f|year"], st.sampled_from([1, 5, 10, 12, 23, 30, 31, 53])
    ),
    item(["t|hour|gte", "t|minute|lt", "t|year|gt"], st.sampled_from([5, 23, 2025]), many=False),
    item(["d|windash|contains", "d|windash", "d|windash|startswith"], DASHES),
    item(
        [
            "e|base64",
            "e|base64offset|contains",
            "e|wide|base64offset|contains",
            "e|utf16be|base64offset|contains",
            "e|utf16le|base64",
        ],
        st.sampled_from(SECRETS),
    ),
)
MAPPINGS = st.lists(ITEMS, min_size=1, max_size=3, unique_by=lambda one: one[0]).map(dict)
KEYWORDS = st.lists(st.one_of(PLAIN, st.sampled_from(["1", "-2", "tru", "E"])), min_size=1, max_size=3)
MODIFIED_KEYWORDS = st.one_of(
    st.tuples(st.sampled_from(["|all", "|cased"]), KEYWORDS), st.tuples(st.just("|re"), st.just(["a.b", "^b"]))
).map(lambda one: {one[0]: one[1]})
SELECTIONS = st.one_of(MAPPINGS, MAPPINGS, st.lists(MAPPINGS, min_size=1, max_size=2), KEYWORDS, MODIFIED_KEYWORDS)
DETECTIONS = st.fixed_dictionaries({"s_one": SELECTIONS, "s_two": SELECTIONS, "other": SELECTIONS})
CONDITIONS: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.sampled_from(["s_one", "s_two", "other"]),
        st.tuples(st.just("of"), st.sampled_from(["1", "all"]), st.sampled_from(["s_*", "them", "*_two"])),
    ),
    lambda inner: st.one_of(st.tuples(st.just("not"), inner), st.tuples(st.sampled_from(["and", "or"]), inner, inner)),
    max_leaves=5,
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(events=EVENTS, detections=DETECTIONS, conditions=st.lists(CONDITIONS, min_size=1, max_size=3))
def test_the_engine_agrees_with_sigma_read_word_for_word(
    events: list[dict[str, Any]], detections: dict[str, Any], conditions: list[Any]
) -> None:
    plans = []
    for condition in conditions:
        detection = {**detections, "condition": naive.said(condition)}
        rule = SigmaRule.from_dict(
            {"title": "t", "logsource": {"category": "x"}, "detection": detection}, policy=regexes.POLICY
        )
        plans.append(condition_from(rule.detection.parsed_condition[0].parsed))
    batch = pa.RecordBatch.from_pylist(events, schema=SCHEMA)
    plan = Plan((Group(None, tuple(enumerate(plans))),))
    found = match(batch, plan).to_pylist()
    (together,) = gathered([batch.slice(0, 1), batch.slice(1)], batch.num_rows) if events else (batch,)
    assert match(together, plan).to_pylist() == found
    wanted = [
        {"rule": number, "row": row}
        for number, condition in enumerate(conditions)
        for row, event in enumerate(events)
        if naive.holds(condition, detections, event)
    ]
    assert found == wanted
