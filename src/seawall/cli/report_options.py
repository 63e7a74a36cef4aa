"""What the commands of `seawall report` share: whose law, own duties, the case and its clock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from seawall.model.case import Case
    from seawall.model.clock import Clock

F = TypeVar("F", bound=Callable[..., Any])


def duties_option(command: F) -> F:
    """`--duties DIR`: duties of one's own."""
    return click.option(
        "--duties",
        "folders",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        multiple=True,
        help="Folder of own duties (.yml), laid over ours and over CASE/duties. May be given again.",
    )(command)


def where_option(command: F) -> F:
    """`--jurisdiction`: whose law."""
    return click.option(
        "--jurisdiction",
        "asked",
        multiple=True,
        help="US, EU, UK, Australia, Canada, India, Japan. May be given again. Default: by `country` of site.toml.",
    )(command)


def opened_case(folder: Path) -> Case:
    """The case in a folder. Raises InputError if there is none."""
    from seawall.model.case import open_case

    return open_case(folder, clock_of(), create=False)


def clock_of() -> Clock:
    """The clock everything of one command goes by."""
    from seawall.model.clock import SystemClock

    return SystemClock()
