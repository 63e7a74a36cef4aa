"""The ATT&CK strip: tactics in order, techniques under the stage their behaviour says."""

from __future__ import annotations

from seawall.model.attack import TACTICS
from seawall.reporting.tactics import strip
from tests.incidents.stories import at, device, finding, intrusion


def test_all_tactics_stand_in_order() -> None:
    assert [t.name for t in strip(intrusion())] == list(TACTICS)


def test_the_behaviour_decides_and_else_the_technique() -> None:
    found = [
        finding(at("00:00:00"), "C-01", device("pe1")),
        finding(at("00:00:00"), "x", device("pe1"), attack=("T1572@19",), tags=()),
        finding(at("00:00:00"), "x", device("pe1"), attack=("T9999@18",), tags=()),
    ]
    seen = {t.name: [(q.id, q.name, q.version) for q in t.techniques] for t in strip(found) if t.techniques}
    assert seen == {
        "credential access": [("T1040", "Network Sniffing", "18")],
        "command and control": [("T1572", "Protocol Tunneling", "19")],
    }
