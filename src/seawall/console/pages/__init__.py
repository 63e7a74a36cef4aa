"""Every page of the console, one file for each room; `routers` lists them."""

from __future__ import annotations

from fastapi import APIRouter

from seawall.console.pages import (
    attack,
    devices,
    drills,
    findings,
    flows,
    hunt,
    incidents,
    ledger,
    live,
    oversight,
    overview,
    responses,
    rules,
    settings,
    sharing,
    training,
    users,
)


def routers() -> tuple[APIRouter, ...]:
    """Every page."""
    return (
        overview.router,
        incidents.router,
        findings.router,
        responses.router,
        hunt.router,
        devices.router,
        flows.router,
        attack.router,
        oversight.router,
        rules.router,
        drills.router,
        ledger.router,
        settings.router,
        sharing.router,
        training.router,
        users.router,
        live.router,
    )
