"""Behaviour over time: questions no single event can answer. To add one: one file, one line here."""

from __future__ import annotations

from typing import Final

from seawall.detect.analytics import (
    command_burst,
    device_to_device,
    many_devices,
    new_source,
    probe_burst,
    routing_enumeration,
    short_lived_change,
    vty_access_lifted,
)
from seawall.detect.base import Analytic

ALL: Final[tuple[Analytic, ...]] = (
    command_burst.ANALYTIC,
    device_to_device.ANALYTIC,
    many_devices.ANALYTIC,
    new_source.ANALYTIC,
    probe_burst.ANALYTIC,
    routing_enumeration.ANALYTIC,
    short_lived_change.ANALYTIC,
    vty_access_lifted.ANALYTIC,
)
