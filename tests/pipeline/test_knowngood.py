"""What was suppressed becomes site facts: the file people keep stays, and the facts are those the detectors ask for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from seawall.errors import InputError
from seawall.model.entities import Entity
from seawall.model.finding import Finding
from seawall.model.incident import Incident
from seawall.model.severity import Severity
from seawall.model.site import load_site
from seawall.pipeline.knowngood import Known, propose

AT: Final = datetime(2026, 11, 21, 22, tzinfo=UTC)
KEPT: Final = """# our site
jump_hosts = ["10.20.0.5"]  # the old one
known_servers = ["198.51.100.9"]

[[people]]
account = "noc-anna"  # night

[[tunnel_ends]]
address = "198.51.100.1"
purpose = "partner"
"""


def finding(name: str, detector: str, *entities: tuple[str, str, str], **more: Any) -> Finding:
    made = Finding(
        id=name * 32,
        detector=detector,
        title=detector,
        severity=Severity.MEDIUM,
        confidence=60,
        first=AT,
        last=AT,
        count=1,
        entities=tuple(Entity(*one) for one in entities),  # type: ignore[arg-type]
        why="",
        subject="pe1",
        evidence=(),
        evidence_total=1,
    )
    return replace(made, **more)


def incident(*findings: Finding) -> Incident:
    ids = tuple(one.id for one in findings)
    return Incident(ids[0], "t", Severity.MEDIUM, 60, AT, AT + timedelta(hours=1), (), ids, (), (), ())


def proposed(tmp_path: Path, before: str, *findings: Finding) -> Known:
    old, new = tmp_path / "site.toml", tmp_path / "site.new.toml"
    old.write_text(before)
    found = propose([incident(*findings)], findings, old)
    new.write_text(found.after)
    load_site(new)
    return found


SOURCE: Final = finding("a", "access.new_source", ("account", "NOC-Anna", "actor"), ("ip", "10.9.0.7", "source"))
STRANGE: Final = finding(
    "b", "access.first_seen", ("account", 'e"ve\n[[people]]', "actor"), ("ip", "10.9.0.8", "source")
)
BEAT: Final = finding("c", "flows.beacon", ("ip", "10.20.1.1", "source"), ("ip", "203.0.113.8", "target"))
TUNNEL: Final = finding(
    "d", "rule", details={"command_raw": "tunnel destination 198.51.100.2"}, tags=("behaviour:P-10",)
)
LISTED: Final = finding("e", "indicator.ip", ("ip", "203.0.113.8", "object"))


def test_facts_are_added_and_what_people_wrote_stays(tmp_path: Path) -> None:
    found = proposed(tmp_path, KEPT, SOURCE, STRANGE, BEAT, TUNNEL)
    site = load_site(tmp_path / "site.new.toml")
    assert all(word in found.after for word in ("# our site", "# the old one", "# night", "incident aaaaaaaa"))
    anna, eve = site.people
    assert anna.from_addresses == ("10.20.0.5", "10.9.0.7"), "the jump hosts she worked from stay usual"
    assert (eve.account, eve.from_addresses) == ('e"ve\n[[people]]', ("10.9.0.8",))
    assert site.known_servers == ("198.51.100.9", "203.0.113.8")
    assert [end.address for end in site.tunnel_ends] == ["198.51.100.1", "198.51.100.2"]
    assert not found.silent
    assert proposed(tmp_path, found.after, SOURCE, STRANGE, BEAT, TUNNEL).diff == "", "a second proposal adds nothing"


def test_an_address_on_an_indicator_list_is_never_proposed(tmp_path: Path) -> None:
    found = proposed(tmp_path, KEPT, BEAT, LISTED)
    assert (found.facts, found.refused, found.diff) == ((), ("203.0.113.8",), "")
    assert [one.id[0] for one in found.silent] == ["c", "e"]


def test_a_site_file_without_any_of_it_and_one_with_tables_in_a_line_are_written_too(tmp_path: Path) -> None:
    proposed(tmp_path, "", SOURCE, BEAT, TUNNEL)
    assert load_site(tmp_path / "site.new.toml").people[0].from_addresses == ("10.9.0.7",)
    proposed(tmp_path, 'people = [{account = "x"}]\n', SOURCE, BEAT)
    assert [one.account for one in load_site(tmp_path / "site.new.toml").people] == ["x", "NOC-Anna"]


def test_nothing_suppressed_says_how_to() -> None:
    with pytest.raises(InputError, match="no incident is suppressed"):
        propose([], [], None)
