"""The processes `seawall serve` starts, each a hidden command: `serve-collect`, `serve-poll` and the others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from seawall.cli.options import case_option

F = TypeVar("F", bound=Callable[..., Any])


def _part(name: str) -> Any:
    """A part of the service, imported when it is started."""
    import importlib

    return importlib.import_module(name)


def _child(name: str) -> Callable[[F], click.Command]:
    """A hidden command with `--config` and `--case`."""

    def made(function: F) -> click.Command:
        config = click.option("--config", type=click.Path(dir_okay=False, path_type=Path), default=None)
        return click.command(name, hidden=True)(config(case_option(function)))

    return made


@_child("serve-collect")
def collect(config: Path | None, case_folder: Path) -> None:
    """Listen for syslog and flow export, and write what comes to the spool."""
    from seawall.cli.serve import service_settings
    from seawall.service.collecting import run
    from seawall.service.supervisor import end_with_supervisor

    end_with_supervisor()
    run(case_folder, service_settings(config, case_folder).serve)


@_child("serve-push")
def push(config: Path | None, case_folder: Path) -> None:
    """Take events pushed over HTTP, and write them to the spool."""
    from seawall.cli.serve import service_settings

    run = _part("seawall.service.pushing").run
    from seawall.service.supervisor import end_with_supervisor

    end_with_supervisor()
    run(case_folder, service_settings(config, case_folder).serve)


@_child("serve-poll")
def poll(config: Path | None, case_folder: Path) -> None:
    """Follow files, and poll repositories, mailboxes and collections."""
    from seawall.cli.serve import service_settings

    run = _part("seawall.service.polling").run
    from seawall.service.supervisor import end_with_supervisor

    end_with_supervisor()
    run(case_folder, service_settings(config, case_folder).serve)


@_child("serve-detect")
def detect(config: Path | None, case_folder: Path) -> None:
    """Judge what the spool holds, and tell whom it concerns."""
    run = _part("seawall.service.detecting").run
    from seawall.service.supervisor import end_with_supervisor

    end_with_supervisor()
    run(case_folder, config)


@_child("serve-web")
def web(config: Path | None, case_folder: Path) -> None:
    """Answer the console's pages and API."""
    from seawall.cli.serve import service_settings

    run = _part("seawall.cli.serve_web").run
    from seawall.service.supervisor import end_with_supervisor

    end_with_supervisor()
    run(case_folder, service_settings(config, case_folder))


@_child("serve-taxii")
def taxii(config: Path | None, case_folder: Path) -> None:
    """Answer TAXII clients."""
    serve_taxii = _part("seawall.cli.serve_taxii")
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.service.supervisor import end_with_supervisor

    end_with_supervisor()
    serve_taxii.run(config, open_case(case_folder, SystemClock(), create=False))


@_child("serve-settle")
def settle(config: Path | None, case_folder: Path) -> None:
    """Ask everything of the case once, as the detector does over and over."""
    from seawall.service.detecting import settle as ask
    from seawall.service.supervisor import end_with_supervisor

    end_with_supervisor()
    ask(case_folder, config)


@_child("serve-notify")
def notify(config: Path | None, case_folder: Path) -> None:
    """Send notices, findings and tickets, and answer /healthz and /metrics."""
    from seawall.service.notifying import run
    from seawall.service.supervisor import end_with_supervisor

    end_with_supervisor()
    run(case_folder, config)
