"""`seawall serve`: the running service, one command that starts and watches all its processes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from seawall.cli.options import case_option

if TYPE_CHECKING:
    from seawall.model.settings import Settings


@click.command("serve")
@click.option(
    "--config",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="Settings to use instead of the case's own seawall.toml.",
)
@click.option("--check", "only_check", is_flag=True, help="Say what is wrong with the settings, and start nothing.")
@click.option("--status", "only_status", is_flag=True, help="Say how a running service fares, source by source.")
@click.option("--fail", is_flag=True, help="With --status: exit with 5 unless all is well.")
@click.option("--taxii-only", is_flag=True, help="Run the TAXII server alone, in this process.")
@click.option("--demo", is_flag=True, help="Let the demo carrier live in fast time, an intruder among its people.")
@case_option
def serve(
    config: Path | None,
    only_check: bool,
    only_status: bool,
    fail: bool,
    taxii_only: bool,
    demo: bool,
    case_folder: Path,
) -> None:
    """Collect, detect and notify for as long as it runs: the eyes that never close.

    Starts one process each for listening, polling, judging and the pages, and starts again whichever ends. What to
    listen on stands under [serve] in seawall.toml; without it: syslog on port 5514 (UDP and TCP), flow export on 2055,
    4739 and 6343. SIGTERM or Ctrl-C ends it in order: nothing taken in is lost.

    \b
    Examples:
      seawall serve --case cases/network
      seawall serve --check --config /etc/seawall/seawall.toml
      seawall serve --status
      seawall serve --demo --case /tmp/demo
    """
    from seawall.errors import PeerError
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock

    if only_status:
        from seawall.cli.serve_output import write_status_lines

        well = write_status_lines(open_case(case_folder, SystemClock(), create=False).folder)
        if fail and not well:
            raise PeerError("not all is well", where=str(case_folder), mend="read the lines above")
        return
    if taxii_only:
        import importlib

        importlib.import_module("seawall.cli.serve_taxii").run(config, open_case(case_folder, SystemClock()))
        return
    if demo:
        from seawall.cli.serve_demo import live_demo

        live_demo(case_folder)
        return
    settings = service_settings(config, case_folder)
    if only_check:
        _check(settings)
        return
    run_service(settings, config, open_case(case_folder, SystemClock()).folder)


def service_settings(config: Path | None, case_folder: Path) -> Settings:
    """The settings of a service: those given, else the case's own."""
    from seawall.model.settings import load_settings

    return load_settings(config or case_folder / "seawall.toml")


def _check(settings: Settings) -> None:
    from seawall.errors import InputError
    from seawall.reporting.text import safe_terminal
    from seawall.service.checking import check

    faults = check(settings.serve)
    for fault in faults:
        click.echo(safe_terminal(str(fault)), err=True)
        click.echo(safe_terminal(f"  try: {fault.mend}"), err=True)
    if faults:
        raise InputError(f"{len(faults)} faults keep the service from starting", where="seawall.toml")
    click.echo("nothing keeps the service from starting")


def run_service(settings: Settings, config: Path | None, case_folder: Path) -> None:
    """Start every process the settings ask for, and watch them until told to stop.

    Raises:
        InputError: the settings cannot be followed, or another service runs for this case.
    """
    from seawall.disk.locks import lock_writer
    from seawall.model.clock import SystemClock
    from seawall.reporting.text import safe_terminal
    from seawall.service.checking import check
    from seawall.service.plan import children
    from seawall.service.supervisor import Supervisor

    for fault in check(settings.serve):
        raise fault
    folder = case_folder / "service"
    folder.mkdir(mode=0o700, exist_ok=True)
    lock = lock_writer(folder, SystemClock(), what="the service of this case")
    try:
        _ready_state(settings, case_folder)
        wanted = children(settings.serve, case_folder, config)
        Supervisor(case_folder, wanted, lambda line: click.echo(safe_terminal(f"serve: {line}"), err=True)).run()
    finally:
        lock.release()


def _ready_state(settings: Settings, case_folder: Path) -> None:
    """Bring the database up to date once, before several processes would; one that is away is waited for by them."""
    from seawall.errors import SeawallError
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.pipeline.cases import case_state
    from seawall.reporting.text import safe_terminal

    try:
        with case_state(open_case(case_folder, SystemClock()), settings):
            pass
    except SeawallError as error:
        click.echo(safe_terminal(f"serve: the state database is not ready: {error}"), err=True)
