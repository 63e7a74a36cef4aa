"""The detector empties the spool into the lake, tells what is new, and loses nothing while something is broken."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from seawall.model.case import Case, open_case
from seawall.model.incident import Incident
from seawall.model.notifying import NotifySettings, WebhookChannel
from seawall.model.settings import LakeSettings, Settings, StateSettings
from seawall.pipeline import case_lake, case_state
from seawall.service import detecting
from seawall.service.detecting import Detector, batch, keep_within
from seawall.service.spool import Spool
from seawall.service.status import read_status
from seawall.state.outbox import Outbox
from tests.pipeline.hunting import CLOCK, line

NOTIFY = NotifySettings(least="low", webhook=(WebhookChannel("hook", "http://127.0.0.1:1/", "env:X"),))


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return open_case(tmp_path / "case", CLOCK)


def put(case: Case, name: str, text: str) -> Path:
    path = Spool(case.folder / "spool").folder / "ready" / f"{name}.swspool"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def detector(case: Case, monkeypatch: pytest.MonkeyPatch) -> Iterator[Detector]:
    monkeypatch.setattr(detecting.time, "sleep", lambda _seconds: None)
    made = Detector(case, Settings(notify=NOTIFY), CLOCK)
    made._settle_next = float("inf")  # settling has tests of its own
    yield made
    made.close()


def test_a_segment_becomes_events_a_finding_and_one_notice(case: Case, detector: Detector) -> None:
    path = put(case, "001", line(3, "clear logging") + line(4, "show version"))
    detector.turn()
    assert not path.exists()
    assert (path.parent.parent / "done" / path.name).exists()
    assert case_lake(case).kinds()["syslog"] == 2
    with case_state(case, Settings()) as state:
        assert len(state.findings()) == 1
        assert [one.kind for one in Outbox(state).every()] == ["notice"]
    said = read_status(case.folder)["detect"]
    assert (said["health"], said["counts"]["events"], said["counts"]["findings"]) == ("ok", 2, 1)


def test_a_segment_read_twice_after_a_kill_adds_nothing(case: Case, detector: Detector) -> None:
    text = line(3, "clear logging")
    put(case, "001", text)
    detector.turn()
    again = Detector(case, Settings(notify=NOTIFY), CLOCK)
    again._settle_next = float("inf")
    put(case, "001", text)
    again.turn()
    again.close()
    assert (again.tally.events, again.tally.findings) == (0, 0)
    with case_state(case, Settings()) as state:
        assert len(Outbox(state).every()) == 1


def test_while_the_database_is_gone_segments_wait_and_then_are_told(
    case: Case, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(detecting.time, "sleep", lambda _seconds: None)
    monkeypatch.setenv("STATE", f"sqlite:///{tmp_path / 'nowhere' / 'state.db'}")
    detector = Detector(case, Settings(notify=NOTIFY, state=StateSettings(url="env:STATE")), CLOCK)
    detector._settle_next = float("inf")
    path = put(case, "001", line(3, "clear logging"))
    detector.turn()
    assert path.exists()
    detector._said = 0.0
    detector.turn()
    assert read_status(case.folder)["detect"]["health"] == "degraded"
    (tmp_path / "nowhere").mkdir()
    detector.turn()
    detector.close()
    assert not path.exists()
    assert detector.tally.why == ""
    assert detector.tally.findings == 1, "its events are in the lake already, and yet it is told"


def test_a_segment_that_kills_the_detector_is_set_aside_in_the_end_and_the_others_are_read(
    case: Case, detector: Detector, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison = put(case, "001", line(3, "clear logging"))
    good = put(case, "002", line(4, "clear logging"))
    real, alone = detector._stream.take, []

    def take(paths: list[Path]) -> object:
        if poison in paths:
            alone.append(len(paths) == 1)
            raise MemoryError("as if it were killed here")
        return real(paths)

    monkeypatch.setattr(detector._stream, "take", take)
    for _ in range(2 * detecting.MOST_DEATHS):
        with pytest.raises(MemoryError):
            detector.turn()
    detector.turn()
    assert alone == [False] * detecting.MOST_DEATHS + [True] * detecting.MOST_DEATHS
    assert (detector.spool.folder / "aside" / poison.name).exists()
    assert not good.exists()
    assert (detector.tally.aside, detector.tally.findings) == (1, 1)


def test_what_a_look_that_died_left_untold_is_told_when_all_is_settled(case: Case, detector: Detector) -> None:
    put(case, "001", line(3, "clear logging"))
    detector._tell = lambda looked: None  # type: ignore[method-assign]  # as if it died before
    detector.turn()
    with case_state(case, Settings()) as state:
        assert Outbox(state).every() == []
    detecting.tell(case, Settings(notify=NOTIFY), detecting.Looked(incidents=kept_incidents(case)), CLOCK, again=True)
    with case_state(case, Settings()) as state:
        assert len(Outbox(state).every()) == 1


def kept_incidents(case: Case) -> tuple[Incident, ...]:
    with case_state(case, Settings()) as state:
        return tuple(state.incidents())


def test_what_one_look_takes_is_bounded_and_oldest_first(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detecting, "BATCH_BYTES", 100)
    for name in ("003", "001", "002"):
        put(case, name, "x" * 60)
    assert [path.name for path in batch(Spool(case.folder / "spool"))] == ["001.swspool"]


def test_retention_lets_old_events_and_findings_go_and_a_legal_hold_keeps_both(case: Case, detector: Detector) -> None:
    put(case, "001", line(3, "clear logging"))
    detector.turn()
    detector.close()
    for hold, left in ((True, 1), (False, 0)):
        settings = Settings(lake=LakeSettings(retention_days=1, legal_hold=hold), state=StateSettings(retention_days=1))
        later = type(CLOCK)(CLOCK.now() + timedelta(days=9 if hold else 11))
        keep_within(case, settings, later)
        os.utime(case.asked / "retained", (0, 0))
        assert case_lake(case).kinds().get("syslog", 0) == left
        with case_state(case, Settings()) as state:
            assert len(state.findings()) == left
