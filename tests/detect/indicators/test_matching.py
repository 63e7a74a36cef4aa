from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from seawall.detect import rules, run
from seawall.detect.indicators.known import is_public_suffix, read
from seawall.detect.tables import InMemory
from seawall.engine.lake import Lake
from seawall.model.finding import Finding
from seawall.model.severity import Severity
from tests.detect.events import START, table
from tests.detect.worlds import typed
from tests.engine.makers import events, put

NONE = rules.RuleSet()


def listed(value: str, kind: str, confidence: str = "high", **more: Any) -> dict[str, Any]:
    return {"value": value, "type": kind, "confidence": confidence, "source": "a public report", **more}


def found(tables: dict[str, list[dict[str, Any]]], *indicators: dict[str, Any]) -> list[Finding]:
    lake = InMemory({view: table(view, rows) for view, rows in tables.items()})
    return list(run(lake, NONE, indicators=table("indicators", indicators)))


def commands(*lines: str, **more: Any) -> list[dict[str, Any]]:
    return typed(*enumerate(lines), **more)


SHA = "0a" * 32
BAD = listed(SHA, "hash")
EVE = listed("eve@evil.example.net", "email")
UNTIL_NOON = {"dst_ip": "198.51.100.7", "time": START + timedelta(seconds=30)}


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
        pytest.param("mail", {"mail_from": "Eve@Evil.example.net"}, EVE, True, id="sender"),
        pytest.param("mail", {"reply_to": "eve@evil.example.net"}, EVE, True, id="reply address"),
        pytest.param("mail", {"return_path": "eve@evil.example.net"}, EVE, True, id="return path"),
        pytest.param("mail", {"mail_to": "a@example.org,eve@evil.example.net"}, EVE, True, id="one of the recipients"),
        pytest.param("mail", {"mail_from": "steve@evil.example.net"}, EVE, False, id="a longer account"),
        pytest.param("mail", {"mail_from": "st.eve@evil.example.net"}, EVE, False, id="a longer account, with a dot"),
        pytest.param("mail", {"mail_from": "eve@evil.example.net.org"}, EVE, False, id="a longer mail domain"),
        pytest.param("mail", {"mail_from": "bob@evil.example.net"}, EVE, False, id="another account of the domain"),
        pytest.param("mail", {"mail_from": "x@evil.example.net"}, listed("evil.example.net", "domain"), True, id="at"),
        pytest.param(
            "mail", {"url_hosts": "a.example,www.evil.example.net"}, listed("evil.example.net", "domain"), True, id="in"
        ),
        pytest.param("mail", {"received_chain": "mx [198.51.100.7]"}, listed("198.51.100.7", "ip"), True, id="hop"),
        pytest.param("mail", {"attachment_sha256": f"{'b' * 64} | {SHA.upper()}"}, BAD, True, id="attachment"),
        pytest.param("mail", {"attachment_sha256": f"{'b' * 64} | {'c' * 64}"}, BAD, False, id="another attachment"),
        pytest.param("commands", commands("mail to eve@evil.example.net")[0], EVE, True, id="address in a command"),
        pytest.param("logins", {"user": "eve@evil.example.net"}, EVE, True, id="account"),
        pytest.param("zeek_smtp", {"rcptto": "<eve@evil.example.net>"}, EVE, True, id="recipient on the wire"),
        pytest.param("zeek_files", {"sha256": SHA}, BAD, True, id="file on the wire"),
        pytest.param("zeek_files", {"sha256": SHA[:-1] + "b"}, BAD, False, id="another file"),
        pytest.param("zeek_files", {"filename": SHA}, BAD, False, id="a file named like a hash"),
        pytest.param("zeek_x509", {"fingerprint": SHA}, BAD, True, id="certificate"),
        pytest.param("suricata", {"event_type": "fileinfo", "fileinfo_sha256": SHA}, BAD, True, id="file Suricata saw"),
        pytest.param(
            "suricata", {"event_type": "tls", "tls_ja3_hash": "d" * 32}, listed("d" * 32, "hash"), True, id="j"
        ),
        pytest.param(
            "suricata",
            {"event_type": "tls", "tls_sni": "a.evil.example.net"},
            listed("evil.example.net", "domain"),
            True,
            id="name in a handshake",
        ),
        pytest.param(
            "suricata",
            {"event_type": "alert", "http_hostname": "evil.example.net"},
            listed("evil.example.net", "domain"),
            True,
            id="host in an alert",
        ),
        pytest.param(
            "suricata",
            {"event_type": "http", "http_hostname": "evil.example.net"},
            listed("evil.example.net", "domain"),
            False,
            id="a request, which the view http has",
        ),
        pytest.param(
            "suricata",
            {"event_type": "alert", "dst_ip": "198.51.100.7"},
            listed("198.51.100.7", "ip"),
            True,
            id="alert",
        ),
        pytest.param("nat", {"outside_ip": "198.51.100.7"}, listed("198.51.100.7", "ip"), True, id="translation"),
        pytest.param(
            "flows", UNTIL_NOON, listed("198.51.100.7", "ip", valid_until="2026-11-21T22:00:30Z"), True, id="holds"
        ),
        pytest.param(
            "flows", UNTIL_NOON, listed("198.51.100.7", "ip", valid_until="2026-11-21"), True, id="holds that day"
        ),
        pytest.param(
            "flows", UNTIL_NOON, listed("198.51.100.7", "ip", valid_until="2026-11-21T21:59:59Z"), False, id="ran out"
        ),
        pytest.param(
            "flows", UNTIL_NOON, listed("198.51.100.7", "ip", valid_from="2026-12-01"), True, id="listed later"
        ),
        pytest.param("flows", UNTIL_NOON, listed("198.51.100.7", "ip", revoked=True), False, id="taken back"),
        pytest.param(
            "config_lines",
            {"text": "tunnel destination 198.51.100.7", "time": None, "taken": START + timedelta(days=30)},
            listed("198.51.100.7", "ip", valid_until="2026-12-01"),
            False,
            id="ran out before the snapshot",
        ),
        pytest.param(
            "config_lines",
            {"text": "tunnel destination 198.51.100.7", "time": None},
            listed("198.51.100.7", "ip", valid_until="2026-12-01"),
            True,
            id="nobody knows since when it stands there",
        ),
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


def test_an_indicator_that_ran_out_stands_beside_a_finding_but_never_alone() -> None:
    rows = typed((0, "tunnel destination 198.51.100.24"), device="pe1")
    lake = InMemory({"commands": table("commands", rows)})
    for until, own in (("2026-11-20", False), ("2026-11-30", True)):
        given = table("indicators", [listed("198.51.100.24", "ip", valid_until=until)])
        found = list(run(lake, rules.load(), indicators=given))
        assert any(f.detector == "indicator.ip" for f in found) is own
        assert any("supporting" in f.details for f in found) is not own


def test_a_list_that_ran_out_leaves_the_word_to_one_that_holds_for_longer() -> None:
    rows = {"flows": [{"dst_ip": "198.51.100.7"}]}
    lists = [
        listed("198.51.100.7", "ip", "high", valid_until="2026-01-01"),
        listed("198.51.100.7", "ip", "medium", valid_until="2027-01-01"),
        listed("198.51.100.7", "ip", "low"),
    ]
    for order in (lists, lists[::-1]):
        (finding,) = found(rows, *order)
        assert finding.severity is Severity.MEDIUM
        assert finding.details["valid_until"] == "2027-01-01T23:59:59Z"


def test_flows_of_any_exporter_are_searched_through_their_view(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    put(lake, "flow_records", events("flow_records", [{"src_ip": "10.0.0.1", "dst_ip": "198.51.100.7"}]))
    given = table("indicators", [listed("198.51.100.7", "ip")])
    (finding,) = run(lake, NONE, indicators=given)
    assert finding.detector == "indicator.ip"


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
