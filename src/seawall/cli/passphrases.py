"""Passphrases at the door: asked for on the terminal, read from a private file or a file descriptor, nothing else."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from seawall.errors import UsageError

F = TypeVar("F", bound=Callable[..., Any])


def passphrase_options(command: F) -> F:
    """`--passphrase-file` and `--passphrase-fd`: for programs; a person is asked."""
    command = click.option(
        "--passphrase-fd", type=int, help="Read the passphrase from this open file descriptor; else it is asked for."
    )(command)
    return click.option(
        "--passphrase-file",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Read the passphrase from the first line of this file, which only you may read.",
    )(command)


def passphrase(file: Path | None, fd: int | None, what: str, *, twice: bool = False) -> bytes:
    """The passphrase for `what`. Raises UsageError where nobody can be asked."""
    from seawall.people.private_files import passphrase_from

    if file is not None and fd is not None:
        raise UsageError("--passphrase-file and --passphrase-fd", mend="give one of them")
    if file is not None or fd is not None:
        return passphrase_from(file=file, fd=fd)
    if not sys.stdin.isatty():
        raise UsageError(
            "no terminal to ask for a passphrase",
            mend="give --passphrase-file or --passphrase-fd; a passphrase is never an argument or in the environment",
        )
    asked: str = click.prompt(f"Passphrase for {what}", hide_input=True, confirmation_prompt=twice, err=True)
    return asked.encode()
