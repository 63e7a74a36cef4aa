from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.model.entities import Entity
from seawall.model.finding import Finding
from seawall.model.severity import Severity
from seawall.model.site import Device, Site
from seawall.response.evidence import Source
from seawall.response.plan import Asked, propose
from seawall.response.plans import Plan, Plans
from seawall.response.targets import Targets

from .findings import finding, incident
from .world import SITE, TARGETS, World


def _plan(*findings: Finding, site: Site = SITE, targets: Targets = TARGETS, **more: object) -> Plan:
    world = World(site=site, targets=targets)
    asked = Asked(incident(*findings), findings, site, world.guard, **more)  # type: ignore[arg-type]
    return propose(asked, requester="ana", purpose="cut", made="2026-11-22T12:00:00.000000Z")[0]


def _change(effect: str, object_: str, *after: str, device: str = "edge1", **more: object) -> Finding:
    details = {"device": device, "effect": effect, "object": object_, "after": list(after)}
    return finding(effect[0] * 32, details=details, **more)  # type: ignore[arg-type]


def test_every_path_is_cut_once_and_in_the_order_that_warns_late() -> None:
    outside = (Entity("ip", "198.51.100.219", "source"),)
    plan = _plan(
        _change("access", "line vty", "access-list 20 permit 198.51.100.219", entities=outside),
        _change("user", "helper", "username helper privilege 15 secret 9 <masked>"),
        finding("9" * 32, details={"device": "edge1", "command_raw": "username helper privilege 15 secret x"}),
        _change("tunnel", "Tunnel77", "interface Tunnel77 tunnel destination 203.0.113.222"),
        _change("aaa-server", "203.0.113.222", "tacacs server AAA3 address ipv4 203.0.113.222"),
    )
    first = ["restore_aaa", "shut_tunnel", "remove_user", "close_access", "session_kill", "nft_block"]
    assert [a.kind for a in plan.actions] == first
    assert {a.target for a in plan.actions} == {"edge1.example.net", "fw1"}
    assert all(a.save_first for a in plan.actions)
    close = next(a for a in plan.actions if a.kind == "close_access")
    assert close.do == "ip access-list standard 20\n no permit 198.51.100.219\n", "never the whole list"


def test_what_no_command_is_written_for_is_a_question_to_a_person() -> None:
    plan = _plan(
        _change("access", "x", "some odd vendor line"),
        _change("user", "helper", "user helper", device="box9"),
        finding("8" * 32, details={"device": "lims1"}, entities=(Entity("device", "lims1", "target"),)),
        site=replace(SITE, devices=(*SITE.devices, Device("lims1", "mediation", "windows", crown_jewel=True))),
    )
    assert [a.kind for a in plan.actions] == ["ask", "ask", "ask"]
    assert "some odd vendor line" in "".join(a.do for a in plan.actions)


def test_an_address_of_ours_is_never_proposed_to_be_cut_off() -> None:
    ours = ("192.0.2.1", "192.0.2.15", "203.0.113.130", "203.0.113.240", "10.1.1.1", "::ffff:192.0.2.1")
    plan = _plan(*(finding(str(n) * 32, entities=(Entity("ip", a, "source"),)) for n, a in enumerate(ours)))
    assert plan.actions == ()
    assert plan.notes


def test_a_harmless_finding_cuts_nothing_and_a_drill_is_marked() -> None:
    outside = (Entity("ip", "198.51.100.219", "source"),)
    assert not _plan(finding(entities=outside, severity=Severity.LOW)).actions
    assert _plan(finding(entities=outside, exercise="drill-1")).exercise


def test_evidence_anybody_could_have_sent_is_said() -> None:
    outside = (Entity("ip", "198.51.100.219", "source"),)
    plan = _plan(finding(entities=outside), sources={"a" * 32: Source("syslog", "spoofable")})
    assert "spoofable" in plan.actions[0].doubts[0]


def test_a_plan_is_kept_and_a_changed_one_refused(tmp_path: object) -> None:
    plan, plans = _plan(finding(entities=(Entity("ip", "198.51.100.219", "source"),))), Plans(tmp_path / "p")  # type: ignore[operator]
    plans.keep(plan)
    assert plans.find(plan.id[:6]) == plan
    file = plans.folder / f"{plan.id}.json"
    file.write_text(file.read_text().replace("198.51.100.219", "198.51.100.218"))
    with pytest.raises(Exception, match="changed"):
        plans.find(plan.id)


_LINES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60)


@given(
    st.lists(
        st.tuples(st.sampled_from(["access", "user", "tunnel", "aaa-server", "mirror"]), _LINES, _LINES), max_size=4
    ),
    st.lists(st.ip_addresses().map(str) | _LINES, max_size=4),
    st.sampled_from(["ios", "iosxr", "nxos", "junos", "eos", "", "vrp"]),
)
def test_whatever_evidence_says_no_proposal_breaks_its_own_rules(
    changes: list[tuple[str, str, str]], addresses: list[str], platform: str
) -> None:
    site = replace(SITE, devices=(Device("edge1", "edge", platform, addresses=("192.0.2.1",)), *SITE.devices[1:]))
    found = [_change(effect, object_, line) for effect, object_, line in changes]
    found += [finding("7" * 32, entities=(Entity("ip", a, "source"),)) for a in addresses]
    guard = World(site=site).guard
    for action in _plan(*found, site=site).actions:
        assert not list(guard.written_wrong(action))
        assert action.lasting == "ask" or not any(
            not c.isprintable() for line in action.do.splitlines() for c in line if c != "\t"
        )
