"""Behaviour over time: questions no single event can answer. To add one: one file, one line here."""

from __future__ import annotations

from typing import Final

from seawall.detect.analytics import (
    accounting_stopped,
    automation_elsewhere,
    beacon,
    clock_jumped,
    command_burst,
    covert_tunnel,
    device_to_device,
    fell_silent,
    guessed_password,
    hop_chain,
    logging_paused,
    many_devices,
    new_source,
    numbers_missing,
    probe_burst,
    quiet_after_change,
    routing_enumeration,
    short_lived_change,
    topology_sweep,
    two_places_at_once,
    unrecorded_session,
    vty_access_lifted,
)
from seawall.detect.base import Analytic

ALL: Final[tuple[Analytic, ...]] = (
    quiet_after_change.ANALYTIC,
    numbers_missing.ANALYTIC,
    fell_silent.ANALYTIC,
    clock_jumped.ANALYTIC,
    beacon.ANALYTIC,
    automation_elsewhere.ANALYTIC,
    command_burst.ANALYTIC,
    covert_tunnel.ANALYTIC,
    device_to_device.ANALYTIC,
    guessed_password.ANALYTIC,
    hop_chain.ANALYTIC,
    logging_paused.ANALYTIC,
    many_devices.ANALYTIC,
    new_source.ANALYTIC,
    probe_burst.ANALYTIC,
    routing_enumeration.ANALYTIC,
    short_lived_change.ANALYTIC,
    topology_sweep.ANALYTIC,
    two_places_at_once.ANALYTIC,
    unrecorded_session.ANALYTIC,
    vty_access_lifted.ANALYTIC,
    accounting_stopped.ANALYTIC,
)
