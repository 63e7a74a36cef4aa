"""What `seawall serve-web` runs: the console of one case, as `seawall serve` starts it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from seawall.errors import InputError

if TYPE_CHECKING:
    from seawall.model.settings import Settings


def run(case_folder: Path, settings: Settings) -> None:
    """Serve the console until told to end: on serve.web, by default 127.0.0.1:8443.

    As long as nobody can log in, a one-time set-up code is printed on standard error.

    Raises:
        InputError: its libraries are missing, the address is taken, or a file of the case is damaged.
        UsageError: it would speak plain HTTP to other machines.
    """
    try:
        from seawall.console import serving
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("seawall"):
            raise
        raise InputError(
            f"the console needs {error.name}", mend="make extras, or: pip install 'seawall[console]'"
        ) from None
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock

    clock = SystemClock()
    case = open_case(case_folder, clock, create=False)
    serving.serve(case, clock, settings, lambda text: click.echo(text, err=True))
