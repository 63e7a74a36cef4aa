from __future__ import annotations

from types import SimpleNamespace

import pytest

from seawall.cli import serve_demo
from seawall.drills.conditions import Conditions
from seawall.drills.programme import Programme, plan
from seawall.drills.scenario import builtin


@pytest.fixture(scope="module")
def programme() -> Programme:
    return plan([builtin()], serve_demo.SEED, Conditions())


def test_the_demo_begins_with_quiet_life_and_the_intruder_comes_within_two_minutes(programme: Programme) -> None:
    begin = serve_demo._begin(programme)
    labelled = [deed.act.time for deed in programme.deeds() if deed.label is not None and deed.act.time >= begin]
    soon = [time for time in labelled if (time - begin).total_seconds() / serve_demo.SPEED <= 60]
    assert len(soon) >= 20
    first, texts = next(serve_demo._lines(programme, begin))
    assert 0 <= first / serve_demo.SPEED <= 10
    assert all(texts)


def test_each_incident_is_said_once_and_looking_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    class EnoughError(Exception):
        pass

    one, two = (SimpleNamespace(id=name * 32, title=f"Intruder {name}") for name in "ab")
    looks = iter([(), (one,), (one,), (two, one)])

    def incidents() -> tuple[SimpleNamespace, ...]:
        try:
            return next(looks)
        except StopIteration:
            raise EnoughError from None

    said: list[tuple[str, str]] = []
    monkeypatch.setattr("seawall.cli.serve_demo.time.sleep", lambda _seconds: None)
    with pytest.raises(EnoughError):
        serve_demo._watch(incidents, lambda name, title, _after: said.append((name, title)))  # type: ignore[arg-type]
    assert said == [("a" * 8, "Intruder a"), ("b" * 8, "Intruder b")]
