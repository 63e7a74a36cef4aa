"""Each thing a Sigma rule can ask, asked of small worlds; then the whole kernel against a plain reading of Sigma."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sigma.rule import SigmaRule

from seawall.detect.sigma import regexes
from seawall.detect.sigma.compiling import condition_from
from seawall.detect.sigma.kernel import match
from seawall.detect.sigma.plan import And, Atom, Condition, Group, Not, Op, Or, Plan
from seawall.engine.gathered import gathered
from seawall.errors import RuleError


def compiled(detection: dict[str, Any]) -> Condition:
    rule = {"title": "t", "logsource": {"category": "x"}, "detection": detection}
    parsed = SigmaRule.from_dict(rule, policy=regexes.POLICY)
    return condition_from(parsed.detection.parsed_condition[0].parsed, str)


def batch_of(rows: list[dict[str, Any]], schema: pa.Schema | None = None) -> pa.RecordBatch:
    table = pa.Table.from_pylist(rows, schema=schema)
    return table.combine_chunks().to_batches()[0] if table.num_rows else pa.RecordBatch.from_pylist([], table.schema)


def hits(detection: dict[str, Any], rows: list[dict[str, Any]], schema: pa.Schema | None = None) -> list[int]:
    plan = Plan((Group(None, ((7, compiled(detection)),)),))
    found = match(batch_of(rows, schema), plan)
    assert set(found.column("rule").to_pylist()) <= {7}
    return list(found.column("row").to_pylist())


def ask(key: str, value: Any, values: list[Any]) -> list[Any]:
    """The values that a single question to field `f` accepts."""
    found = hits({"s": {key: value}, "condition": "s"}, [{"f": v} for v in values])
    return [values[row] for row in found]


@pytest.mark.parametrize(
    ("key", "value", "values", "accepted"),
    [
        pytest.param("f", "Admin", ["admin", "ADMIN", "admins", None], ["admin", "ADMIN"], id="equals ignores case"),
        pytest.param("f", "", ["", "a", None], [""], id="empty text is not null"),
        pytest.param("f", None, ["", "a", None], [None], id="null"),
        pytest.param("f", "*", ["", "a", None], ["", "a"], id="a lone wildcard asks for a value"),
        pytest.param("f|contains", "log", ["clear LOGging", "lo g"], ["clear LOGging"], id="contains"),
        pytest.param("f|startswith", "cl", ["clear", "unclear"], ["clear"], id="startswith"),
        pytest.param("f|endswith", ".exe", ["a.EXE", "a.exe.txt"], ["a.EXE"], id="endswith"),
        pytest.param("f", "a*c?e", ["abcde", "acXe", "ace", "xacde"], ["abcde", "acXe"], id="wildcards inside"),
        pytest.param("f", "*b.c*d*", ["a b.c e d f", "bXcd"], ["a b.c e d f"], id="dots are plain in wildcards"),
        pytest.param("f", "a\\*b", ["a*b", "axb"], ["a*b"], id="escaped wildcard"),
        pytest.param("f|re", "^a.c$", ["abc", "ABC", "xabc"], ["abc"], id="regex minds case"),
        pytest.param("f|re|i", "^a.c$", ["abc", "ABC"], ["abc", "ABC"], id="regex with flag i"),
        pytest.param("f|re|s", "a.c", ["a\nc", "abc"], ["a\nc", "abc"], id="regex with flag s"),
        pytest.param("f|re|m", "^b$", ["a\nb", "ab"], ["a\nb"], id="regex with flag m"),
        pytest.param("f|re", "(?<!x)abc", ["abc", "xabc"], ["abc"], id="lookbehind takes the fenced engine"),
        pytest.param("f|cidr", "10.0.0.0/8", ["10.1.2.3", "11.1.2.3", "x", "::1"], ["10.1.2.3"], id="cidr"),
        pytest.param(
            "f|cidr", "2001:db8::/32", ["2001:db8::1", "2001:dead::1", "10.0.0.1"], ["2001:db8::1"], id="cidr6"
        ),
        pytest.param("f", 22, ["22", "220", "x22"], ["22"], id="number against text"),
        pytest.param("f", 22, [22, 220, None], [22], id="number against whole numbers"),
        pytest.param("f", 1.5, [1.5, 15.0], [1.5], id="number against fractions"),
        pytest.param("f", 60, [60.0, 60.5], [60.0], id="whole number against fractions"),
        pytest.param("f|gt", 5, ["6", "5", "50", "x"], ["6", "50"], id="greater"),
        pytest.param("f|lte", 5, [4, 5, 6, None], [4, 5], id="at most"),
        pytest.param("f", "true", [True, False, None], [True], id="text true against a boolean"),
        pytest.param("f", True, ["true", "false"], ["true"], id="boolean against text"),
        pytest.param("f|exists", True, ["a", None], ["a"], id="exists"),
        pytest.param("f|exists", False, ["a", None], [None], id="exists not"),
        pytest.param("f|cased", "Abc", ["Abc", "abc"], ["Abc"], id="cased"),
        pytest.param("f|contains|cased", "Bc", ["aBc", "abc"], ["aBc"], id="cased contains"),
        pytest.param("f|contains|all", ["a", "b"], ["xaxbx", "xax"], ["xaxbx"], id="all"),
        pytest.param("f|windash|contains", " -x", ["a -x", "a /x", "a x"], ["a -x", "a /x"], id="windash"),
        pytest.param(
            "f|base64offset|contains", "secret", ["AAc2VjcmV0AA", "secret"], ["AAc2VjcmV0AA"], id="base64offset"
        ),
        pytest.param("f|neq", "a", ["a", "b", None], ["b", None], id="neq"),
        pytest.param("f", ["a", "b"], ["a", "b", "c"], ["a", "b"], id="list is or"),
        pytest.param("f", "ÄRGER", ["ärger", "arger"], ["ärger"], id="case of other alphabets"),
    ],
)
def test_a_question_accepts_what_sigma_says(key: str, value: Any, values: list[Any], accepted: list[Any]) -> None:
    assert ask(key, value, values) == accepted


@pytest.mark.parametrize(
    ("key", "accepted"),
    [
        pytest.param("a|fieldref", [0], id="same"),
        pytest.param("a|fieldref|startswith", [0, 1], id="starts with the other"),
        pytest.param("a|fieldref|endswith", [0, 2], id="ends with the other"),
        pytest.param("a|fieldref|contains", [0, 1, 2, 3], id="holds the other"),
    ],
)
def test_a_field_is_compared_with_another(key: str, accepted: list[int]) -> None:
    rows = [{"a": a, "b": "Bob"} for a in ("bob", "bobby", "xbob", "xboby", "alice", None)]
    assert hits({"s": {key: "b"}, "condition": "s"}, rows) == accepted


def test_a_keyword_is_looked_for_in_every_text_column_but_not_in_the_record_s_journey() -> None:
    rows = [
        {"message": "clear LOGGING", "n": 1, "origin": "a"},
        {"message": "x", "n": 2, "origin": "clear logging/a.log"},
        {"message": None, "n": 3, "origin": "a"},
    ]
    assert hits({"k": ["clear logging", "no*such"], "condition": "k"}, rows) == [0]


@pytest.mark.parametrize(
    ("condition", "accepted"),
    [
        pytest.param("1 of s*", [0, 1, 2], id="one of"),
        pytest.param("all of s*", [0], id="all of"),
        pytest.param("all of them", [], id="all of them"),
        pytest.param("s1 and not s2", [1], id="and not"),
        pytest.param("not (s1 or s2)", [3], id="not or"),
        pytest.param("not t", [0, 1, 2, 3], id="not of a field no event has"),
    ],
)
def test_conditions_combine(condition: str, accepted: list[int]) -> None:
    detection = {"s1": {"a": "x"}, "s2": {"b": "y"}, "t": {"nowhere": "z"}, "condition": condition}
    rows = [{"a": "x", "b": "y"}, {"a": "x", "b": None}, {"a": "n", "b": "y"}, {"a": None, "b": None}]
    assert hits(detection, rows) == accepted


def test_a_field_no_event_has_is_null() -> None:
    assert hits({"s": {"nowhere": None}, "condition": "s"}, [{"a": "x"}]) == [0]
    assert hits({"s": {"nowhere|contains": "x"}, "condition": "s"}, [{"a": "x"}]) == []


def test_columns_are_found_whatever_the_case_of_a_field() -> None:
    assert hits({"s": {"LogonID": "0x3e7"}, "condition": "s"}, [{"LogonId": "0x3E7"}]) == [0]


def test_a_guard_chooses_the_events_and_rows_keep_their_numbers() -> None:
    rows = [{"c": "a", "f": "x"}, {"c": "b", "f": "x"}, {"c": "a", "f": "y"}, {"c": "a", "f": "x"}]
    rule = Atom("f", Op.EQUALS, "x")
    plan = Plan((Group(Atom("c", Op.EQUALS, "a"), ((3, rule),)), Group(Atom("c", Op.EQUALS, "z"), ((4, rule),))))
    assert match(batch_of(rows), plan).to_pylist() == [{"rule": 3, "row": 0}, {"rule": 3, "row": 3}]


def test_a_guard_that_asks_what_rules_ask_holds_in_every_batch() -> None:
    guard = Atom("c", Op.EQUALS, "Security")
    plan = Plan((Group(guard, ((0, And((guard, Atom("f", Op.CONTAINS, "mimikatz")))),)),))
    batch = batch_of([{"c": "security", "f": "x mimikatz"}, {"c": "other", "f": "mimikatz"}])
    for _ in range(3):
        assert match(batch, plan).to_pylist() == [{"rule": 0, "row": 0}]


def test_a_rule_in_two_groups_matches_a_row_once() -> None:
    rule = Atom("f", Op.EQUALS, "x")
    plan = Plan((Group(None, ((1, rule),)), Group(Atom("f", Op.PRESENT), ((1, rule),))))
    assert match(batch_of([{"f": "x"}]), plan).num_rows == 1


def test_an_empty_batch_gives_no_match() -> None:
    schema = pa.schema([("f", pa.string())])
    assert hits({"s": {"f": "x"}, "condition": "s"}, [], schema) == []


def test_a_column_of_nulls_gives_no_match() -> None:
    schema = pa.schema([("f", pa.null())])
    assert hits({"s": {"f|contains": "x"}, "condition": "s"}, [{"f": None}], schema) == []


@pytest.mark.parametrize(
    ("detection", "said"),
    [
        pytest.param({"s": {"f|expand": "%admins%"}, "condition": "s"}, "%admins%", id="expand"),
        pytest.param({"s": {"f|re": "(?=(a+)+b)x"}, "condition": "s"}, "nests", id="runaway regex"),
    ],
)
def test_what_cannot_be_followed_exactly_is_refused(detection: dict[str, Any], said: str) -> None:
    with pytest.raises(RuleError, match=said):
        compiled(detection)


TEXTS = st.one_of(st.none(), st.text(alphabet="aAbB.*c \\\x00é", max_size=6))
ROWS = st.lists(st.fixed_dictionaries({"f": TEXTS, "g": TEXTS}), max_size=12)
ATOMS = st.builds(
    Atom,
    st.sampled_from(["f", "g", "h"]),
    st.sampled_from([Op.EQUALS, Op.STARTS, Op.ENDS, Op.CONTAINS, Op.PRESENT, Op.ABSENT]),
    st.text(alphabet="aAbB.*c \\\x00é", max_size=4),
    st.booleans(),
)
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, min_size=1, max_size=4).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=1, max_size=4).map(tuple)),
    ),
    max_leaves=8,
)


def plainly(condition: Condition, row: dict[str, str | None]) -> bool:
    """Sigma read word for word, one row at a time."""
    match condition:
        case And(parts):
            return all(plainly(part, row) for part in parts)
        case Or(parts):
            return any(plainly(part, row) for part in parts)
        case Not(part):
            return not plainly(part, row)
    value = row.get(condition.field)
    if condition.op in (Op.PRESENT, Op.ABSENT) or value is None:
        return (value is None) is (condition.op is Op.ABSENT)
    text, wanted = (value, condition.value) if condition.cased else (value.lower(), condition.value.lower())
    tests = {Op.EQUALS: str.__eq__, Op.STARTS: str.startswith, Op.ENDS: str.endswith, Op.CONTAINS: str.__contains__}
    return bool(tests[condition.op](text, wanted))


@settings(max_examples=300, deadline=None)
@given(ROWS, st.lists(CONDITIONS, min_size=1, max_size=4))
def test_the_kernel_agrees_with_a_plain_reading(rows: list[dict[str, str | None]], conditions: list[Condition]) -> None:
    schema = pa.schema([("f", pa.string()), ("g", pa.string())])
    plan = Plan((Group(None, tuple(enumerate(conditions))),))
    found = [(m["rule"], m["row"]) for m in match(batch_of(rows, schema), plan).to_pylist()]
    wanted = [(n, at) for n, c in enumerate(conditions) for at, row in enumerate(rows) if plainly(c, row)]
    assert found == wanted


FRAGMENTS = [
    "powershell",
    "-EncodedCommand",
    " /c ",
    "\\cmd.exe",
    "C:\\Windows\\",
    "É",
    "\u212aey",
    "mimi",
    "katz",
    ".ps1",
]
LINES = st.lists(st.sampled_from(FRAGMENTS), max_size=5).map("".join)
PATTERNS = st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=2).map("".join)
LONG_ATOMS = st.builds(
    Atom,
    st.sampled_from(["f", "g"]),
    st.sampled_from([Op.EQUALS, Op.STARTS, Op.ENDS, Op.CONTAINS, Op.ABSENT]),
    PATTERNS,
    st.booleans(),
)
LONG_CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    LONG_ATOMS,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)
LONG_ROWS = st.lists(st.fixed_dictionaries({"f": st.one_of(st.none(), LINES), "g": LINES}), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(LONG_ROWS, LONG_ROWS, st.lists(LONG_CONDITIONS, min_size=1, max_size=5))
def test_what_earlier_batches_taught_changes_no_match(
    first: list[dict[str, str | None]], then: list[dict[str, str | None]], conditions: list[Condition]
) -> None:
    schema = pa.schema([("f", pa.string()), ("g", pa.string())])
    plan = Plan((Group(None, tuple(enumerate(conditions))),))
    many = [{"f": f"{row['f'] or ''} {n}", "g": row["g"]} for n in range(260) for row in then[:2]]  # mostly new values
    for rows in (first, then, many):
        batch = batch_of(rows, schema)
        found = [(m["rule"], m["row"]) for m in match(batch, plan).to_pylist()]
        (together,) = gathered([batch.slice(0, 1), batch.slice(1)], batch.num_rows)
        assert match(together, plan).equals(match(batch, plan))
        assert found == [(n, at) for n, c in enumerate(conditions) for at, row in enumerate(rows) if plainly(c, row)]
