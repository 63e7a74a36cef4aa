"""An audit on the terminal: per device what fails, worst first, with lines, reason and mending."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import IO, Final

from rich.console import Console
from rich.text import Text

from seawall.model.audit import Status, Verdict
from seawall.reporting.terminal import COLOUR, console_for
from seawall.reporting.text import safe_terminal

MAX_SHOWN: Final = 4  # lines of one verdict
MAX_UNKNOWN: Final = 8  # of one device


def table_text(verdicts: Sequence[Verdict], screen: IO[str]) -> str:
    """The whole table as text, coloured if `screen` is."""
    drawing = console_for(screen)
    said = io.StringIO()
    console = Console(
        file=said, width=drawing.width, force_terminal=drawing.is_terminal, no_color=drawing.no_color, highlight=False
    )
    for part in _parts(verdicts):
        console.print(part, soft_wrap=False)
    return said.getvalue()


def _parts(verdicts: Sequence[Verdict]) -> Iterator[Text]:
    for (device, file), held in groupby(verdicts, key=lambda v: (v.device, v.file)):
        yield from _device(device, file, list(held))
    yield Text(f"{totals(verdicts)}", style="bold")


def totals(verdicts: Iterable[Verdict]) -> str:
    """One line: devices, and how the checks came out."""
    held = list(verdicts)
    count = Counter(v.status for v in held)
    devices = len({(v.device, v.file) for v in held})
    return (
        f"{devices} device{'s' if devices != 1 else ''}: {count[Status.FAIL]} checks fail, "
        f"{count[Status.UNKNOWN]} unknown, {count[Status.PASS]} pass, {count[Status.NA]} do not apply"
    )


def _device(device: str, file: str, verdicts: list[Verdict]) -> Iterator[Text]:
    one = verdicts[0]
    yield Text(safe_terminal(f"{device or '(no name)'}  {one.platform} {one.version}  {file}"), style="bold underline")
    fails = sorted((v for v in verdicts if v.status is Status.FAIL), key=lambda v: (-v.severity, v.check))
    for verdict in fails:
        head = Text(f"  {verdict.severity.word:13} ", style=COLOUR[verdict.severity])
        head.append(f"{verdict.check}  not so: {verdict.title}", style="default")
        yield head
        yield Text(f"      {safe_terminal(verdict.why)}", style="bright_black")
        for line in verdict.lines[:MAX_SHOWN]:
            yield Text(safe_terminal(f"      {line.number:>6}: {line.text}"))
        if len(verdict.lines) > MAX_SHOWN:
            yield Text(f"      … and {len(verdict.lines) - MAX_SHOWN} more lines")
        for mend in verdict.mend[:MAX_SHOWN]:
            yield Text(safe_terminal(f"      mend: {mend}"), style="green")
    unknown = sorted((v for v in verdicts if v.status is Status.UNKNOWN), key=lambda v: (-v.severity, v.check))
    for verdict in unknown[:MAX_UNKNOWN]:
        yield Text(safe_terminal(f"  unknown       {verdict.check}  {verdict.title}: {verdict.why}"))
    if len(unknown) > MAX_UNKNOWN:
        yield Text(f"  … and {len(unknown) - MAX_UNKNOWN} more unknown; all of them: --format jsonl")
    yield Text("")
