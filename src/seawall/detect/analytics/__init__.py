"""Behaviour over time: questions no single event can answer. To add one: one file, one line here."""

from __future__ import annotations

from typing import Final

from seawall.detect.analytics import (
    accounting_stopped,
    beacon,
    clock_jumped,
    command_burst,
    covert_tunnel,
    device_to_device,
    fell_silent,
    many_devices,
    new_source,
    numbers_missing,
    probe_burst,
    quiet_after_change,
    routing_enumeration,
    short_lived_change,
    vty_access_lifted,
)
from seawall.detect.base import Analytic

ALL: Final[tuple[Analytic, ...]] = (
    quiet_after_change.ANALYTIC,
    numbers_missing.ANALYTIC,
    fell_silent.ANALYTIC,
    clock_jumped.ANALYTIC,
    beacon.ANALYTIC,
    command_burst.ANALYTIC,
    covert_tunnel.ANALYTIC,
    device_to_device.ANALYTIC,
    many_devices.ANALYTIC,
    new_source.ANALYTIC,
    probe_burst.ANALYTIC,
    routing_enumeration.ANALYTIC,
    short_lived_change.ANALYTIC,
    vty_access_lifted.ANALYTIC,
    accounting_stopped.ANALYTIC,
)
