"""The drawing: every finding has its place, order of time runs to the right, silences are folded and said."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from seawall.incidents import build
from seawall.model.finding import Finding
from seawall.reporting.timeline import LEFT, WIDTH, Timeline, draw
from tests.incidents.stories import account, address, at, device, finding, intrusion

WHO = (device("pe1"), account("eve"), address("203.0.113.9"))


def drawn(findings: list[Finding]) -> Timeline:
    incident = build(findings)[0]
    members = sorted((f for f in findings if f.id in set(incident.findings)), key=lambda f: (f.first, f.id))
    drawing = draw(incident, members, {f.id: n for n, f in enumerate(members, start=1)})
    assert drawing is not None
    return drawing


def shown(drawing: Timeline) -> int:
    return sum(int(m.label.rstrip("x")) if m.label.endswith("x") else 1 for m in drawing.marks)


def test_every_finding_has_a_mark_and_every_stage_a_lane() -> None:
    drawing = drawn(intrusion())
    assert shown(drawing) == len(intrusion())
    assert [name for name, _ in drawing.lanes] == [s.name for s in build(intrusion())[0].stages]


def test_a_long_silence_is_folded_with_its_true_length() -> None:
    assert [f.text for f in drawn(intrusion()).folds] == ["1 h 32 min"]


@given(st.lists(st.integers(0, 20_000), min_size=2, max_size=40, unique=True))
def test_later_never_stands_left_of_earlier_and_nothing_leaves_the_drawing(seconds: list[int]) -> None:
    many = [finding(at("00:00:00") + timedelta(seconds=s), "I-01", *WHO) for s in seconds]
    incident = build(many)[0]
    members = sorted((f for f in many if f.id in set(incident.findings)), key=lambda f: f.first)
    drawing = draw(incident, members, {f.id: n for n, f in enumerate(members, start=1)})
    if drawing is None:
        assert len(members) < 2
        return
    assert shown(drawing) == len(members)
    by_number = sorted((int(m.label), m.x) for m in drawing.marks if not m.label.endswith("x"))
    assert [x for _, x in by_number] == sorted(x for _, x in by_number)
    assert all(LEFT <= m.x <= WIDTH for m in drawing.marks)
    assert all(b.x - a.x >= 64 for a, b in zip(drawing.ticks, drawing.ticks[1:], strict=False) if b.x > a.x)


def test_findings_at_one_moment_are_drawn_without_dividing_by_nothing() -> None:
    drawing = drawn([finding(at("00:00:00"), b, *WHO) for b in ("A-11", "I-01", "P-01")])
    assert len({m.x for m in drawing.marks}) == 1


def test_a_single_finding_needs_no_drawing() -> None:
    one = [finding(at("00:00:00"), "P-01", *WHO)]
    assert draw(build(one)[0], one, {one[0].id: 1}) is None


def test_a_crowd_is_merged_and_says_how_many() -> None:
    crowd = [finding(at("00:00:00") + timedelta(seconds=n), "I-01", *WHO) for n in range(400)]
    crowd.append(finding(at("05:00:00"), "I-01", *WHO))
    drawing = drawn(crowd)
    assert shown(drawing) == 401
    assert len(drawing.marks) < 100
