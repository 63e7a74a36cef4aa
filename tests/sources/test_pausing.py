from __future__ import annotations

import gc

import pytest

from seawall.sources.pausing import collector_paused


def test_the_collector_sleeps_inside_and_wakes_even_after_an_error() -> None:
    inside: list[bool] = []
    with pytest.raises(IndexError), collector_paused():
        inside.append(gc.isenabled() or inside[1])
    assert gc.isenabled()


def test_whoever_switched_it_off_keeps_it_off() -> None:
    gc.disable()
    try:
        with collector_paused(), collector_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
