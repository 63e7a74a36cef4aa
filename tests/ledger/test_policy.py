from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import InputError
from seawall.ledger.note import COSIGNATURE, ED25519
from seawall.ledger.policy import KnownWitness, Policy, parse_policy, with_witness
from tests.ledger.making import seeded

LOG = seeded("log.example/a", ED25519, "log").public
KEYS = {name: seeded(f"{name}.example", COSIGNATURE, name).public for name in ("x1", "x2", "x3", "y1", "y2", "y3")}
EXAMPLE = (
    f"# the example of the specification\n\nlog {LOG.text} https://log.example\n"
    + "".join(f" \twitness {name} {key.text}\n" for name, key in KEYS.items())
    + "group X-witnesses 2 x1 x2 x3\ngroup Y-witnesses any y1 y2 y3\ngroup X-and-Y all X-witnesses Y-witnesses\n"
    "quorum X-and-Y\n"
)


@pytest.mark.parametrize(
    ("signers", "met"),
    [("x1 x2 y3", True), ("x1 y1 y2 y3", False), ("x1 x2 x3", False), ("", False), ("x1 x2 x3 y1 y2 y3", True)],
)
def test_the_example_of_the_specification_is_judged_as_it_says(signers: str, met: bool) -> None:
    policy = parse_policy(EXAMPLE)
    assert policy.logs == (LOG,)
    assert policy.met([KEYS[name] for name in signers.split()]) is met
    assert parse_policy(policy.text) == policy


def test_no_quorum_is_always_met_and_a_single_witness_may_be_one() -> None:
    assert parse_policy("quorum none\n").met([])
    policy = parse_policy(f"witness w {KEYS['x1'].text} http://192.0.2.7\nquorum w\n")
    assert policy.met([KEYS["x1"]])
    assert not policy.met([KEYS["x2"]])


def test_a_witness_more_keeps_the_others_and_the_same_name_is_replaced() -> None:
    policy = with_witness(Policy(), KnownWitness("a", KEYS["x1"], "http://192.0.2.1"))
    policy = with_witness(policy, KnownWitness("b", KEYS["x2"], "http://192.0.2.2"), needed=2)
    assert not policy.met([KEYS["x1"]])
    assert policy.met([KEYS["x1"], KEYS["x2"]])
    policy = with_witness(policy, KnownWitness("b", KEYS["x3"], "http://192.0.2.3"))
    assert [w.key for w in policy.witnesses] == [KEYS["x1"], KEYS["x3"]]
    with pytest.raises(InputError):
        with_witness(policy, KnownWitness("c", KEYS["x1"], ""))


@pytest.mark.parametrize(
    "text",
    [
        "",
        EXAMPLE.replace("quorum X-and-Y\n", ""),
        EXAMPLE + "quorum none\n",
        EXAMPLE.replace("quorum X-and-Y", "quorum Z"),
        EXAMPLE.replace("2 x1 x2 x3", "4 x1 x2 x3"),
        EXAMPLE.replace("2 x1 x2 x3", "0 x1 x2 x3"),
        EXAMPLE.replace("2 x1 x2 x3", "2 x1 x2 none"),
        EXAMPLE.replace("2 x1 x2 x3", "2 x1 x2 later"),
        EXAMPLE.replace("any y1", "any x1"),
        EXAMPLE.replace("group Y-witnesses any y1 y2 y3", "group Y-witnesses any"),
        EXAMPLE.replace("witness y1", "witness none"),
        EXAMPLE.replace("witness y1", "witness x1"),
        EXAMPLE.replace(KEYS["y1"].text, KEYS["x1"].text),
        EXAMPLE.replace(KEYS["y1"].text, LOG.text),
        EXAMPLE.replace(LOG.text, KEYS["x1"].text),
        EXAMPLE + "colour blue\n",
        EXAMPLE + "\x07\n",
    ],
)
def test_what_is_no_policy_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_policy(text)


@given(st.text(max_size=80) | st.sampled_from(EXAMPLE.splitlines()).map(lambda line: f"{line}\nquorum none\n"))
def test_any_text_is_a_policy_or_an_input_error(text: str) -> None:
    with contextlib.suppress(InputError):
        assert parse_policy(parse_policy(text).text).text == parse_policy(text).text
