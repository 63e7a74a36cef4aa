from __future__ import annotations

from typing import Any

import pytest

from seawall.detect import rules, run
from seawall.detect.indicators.known import is_public_suffix, read
from seawall.detect.tables import InMemory
from seawall.model.finding import Finding
from seawall.model.severity import Severity
from tests.detect.events import table
from tests.detect.worlds import typed

NONE = rules.RuleSet()


def listed(value: str, kind: str, confidence: str = "high", **more: Any) -> dict[str, Any]:
    return {"value": value, "type": kind, "confidence": confidence, "source": "a public report", **more}


def found(tables: dict[str, list[dict[str, Any]]], *indicators: dict[str, Any]) -> list[Finding]:
    lake = InMemory({view: table(view, rows) for view, rows in tables.items()})
    return list(run(lake, NONE, indicators=table("indicators", indicators)))


def commands(*lines: str, **more: Any) -> list[dict[str, Any]]:
    return typed(*enumerate(lines), **more)


@pytest.mark.parametrize(
    ("view", "row", "indicator", "matches"),
    [
        pytest.param("flows", {"dst_ip": "198.51.100.7"}, listed("198.51.100.7", "ip"), True, id="flow"),
        pytest.param("flows", {"dst_ip": "198.51.100.70"}, listed("198.51.100.7", "ip"), False, id="a longer address"),
        pytest.param("flows", {"src_ip": "198.51.100.9"}, listed("198.51.100.0/28", "ip"), True, id="network"),
        pytest.param(
            "flows", {"src_ip": "198.51.100.99"}, listed("198.51.100.0/28", "ip"), False, id="beside the network"
        ),
        pytest.param(
            "commands", commands("tunnel destination 198.51.100.7")[0], listed("198.51.100.7", "ip"), True, id="command"
        ),
        pytest.param(
            "commands",
            commands("copy flash:a ftp://u:*@198.51.100.7/a")[0],
            listed("198.51.100.7", "ip"),
            True,
            id="link",
        ),
        pytest.param(
            "commands", commands("ping 198.51.100.77")[0], listed("198.51.100.7", "ip"), False, id="longer in text"
        ),
        pytest.param(
            "commands", commands("ping 1.198.51.100.7")[0], listed("198.51.100.7", "ip"), False, id="part of a version"
        ),
        pytest.param("dns", {"query": "evil.example.net"}, listed("evil.example.net", "domain"), True, id="name"),
        pytest.param(
            "dns", {"query": "a.b.evil.example.net"}, listed("Evil.Example.net.", "domain"), True, id="name below"
        ),
        pytest.param(
            "dns", {"query": "notevil.example.net"}, listed("evil.example.net", "domain"), False, id="longer label"
        ),
        pytest.param(
            "dns", {"query": "evil.example.net.org"}, listed("evil.example.net", "domain"), False, id="goes on"
        ),
        pytest.param("dns", {"query": "x.co.uk"}, listed("co.uk", "domain"), False, id="public suffix"),
        pytest.param(
            "dns",
            {"query": "a.example.org", "answers": "192.0.2.1,198.51.100.7"},
            listed("198.51.100.7", "ip"),
            True,
            id="answer",
        ),
        pytest.param(
            "http",
            {"uri": "/a", "host": "www.evil.example.net"},
            listed("evil.example.net", "domain"),
            True,
            id="host",
        ),
        pytest.param(
            "config_lines",
            {"device": "pe1", "text": "tunnel destination 198.51.100.7"},
            listed("198.51.100.7", "ip"),
            True,
            id="configuration",
        ),
        pytest.param(
            "windows",
            {"Computer": "a", "Hashes": "MD5=0123456789ABCDEF0123456789ABCDEF,X=1"},
            listed("0123456789abcdef0123456789abcdef", "hash"),
            True,
            id="hash",
        ),
        pytest.param("flows", {"dst_ip": "198.51.100.7"}, listed("198.51.100.7", "ip", "low"), False, id="low alone"),
    ],
)
def test_a_known_bad_value_is_found_where_it_stands(
    view: str, row: dict[str, Any], indicator: dict[str, Any], matches: bool
) -> None:
    assert bool(found({view: [row]}, indicator)) is matches


def test_the_finding_says_whose_list_and_how_sure() -> None:
    (finding,) = found(
        {"flows": [{"src_ip": "10.0.0.1", "dst_ip": "198.51.100.7"}]}, listed("198.51.100.7", "ip", note="relay")
    )
    assert (finding.detector, finding.severity) == ("indicator.ip", Severity.HIGH)
    assert finding.why == "198.51.100.7 is on the list of a public report (high confidence): relay"
    (medium,) = found({"flows": [{"dst_ip": "198.51.100.7"}]}, listed("198.51.100.7", "ip", "medium"))
    assert medium.severity is Severity.MEDIUM


def test_a_low_indicator_stands_beside_a_finding_that_names_its_value() -> None:
    rows = {"commands": commands("tunnel destination 198.51.100.24", device="pe1")}
    lake = InMemory({view: table(view, made) for view, made in rows.items()})
    plain = [f for f in run(lake, rules.load()) if "behaviour:P-10" in f.tags]
    low = table("indicators", [listed("198.51.100.24", "ip", "low")])
    told = [f for f in run(lake, rules.load(), indicators=low) if "behaviour:P-10" in f.tags]
    assert [f.id for f in told] == [f.id for f in plain]
    assert all(after.confidence == before.confidence + 5 for before, after in zip(plain, told, strict=True))
    assert told[0].details["supporting"][0]["indicator"] == "198.51.100.24"


def test_indicators_of_the_lake_count_too() -> None:
    lake = InMemory(
        {
            "flows": table("flows", [{"dst_ip": "198.51.100.7"}]),
            "indicators": table("indicators", [listed("198.51.100.7", "ip")]),
        }
    )
    assert len(list(run(lake, NONE))) == 1


def test_what_cannot_be_searched_for_is_refused_with_its_reason() -> None:
    rows = [
        listed("com", "domain"),
        listed("300.1.1.1", "ip"),
        listed("0.0.0.0/0", "ip"),
        listed("abc", "hash"),
        listed("x", "user"),
        listed("a.b/", "url"),
        listed("", "domain"),
        listed("192.0.2.1", "ip", "certain"),
    ]
    known = read(rows)
    assert (known.telling, dict(known.supporting)) == ((), {})
    assert len(known.refused) == len(rows)


def test_the_surer_of_two_lists_is_kept() -> None:
    known = read(
        [listed("192.0.2.1", "ip", "low"), listed("192.0.2.1", "ip", "high"), listed("192.0.2.1", "ip", "medium")]
    )
    assert [i.confidence for i in known.telling] == ["high"]
    assert not known.supporting


@pytest.mark.parametrize(
    ("name", "public"), [("com", True), ("co.uk", True), ("example.net", False), ("example.co.uk", False)]
)
def test_public_suffixes_are_known_by_their_shape(name: str, public: bool) -> None:
    assert is_public_suffix(name) is public
