"""The kill switch: every block of ours goes, and nothing else; it asks no database, no ledger and no plan.

Eradications stay: undoing one could let the intruder in again, which no switch may do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from seawall.disk.durable import Disk, disk_trouble
from seawall.errors import PeerError
from seawall.response.channels import Channel

MARK: Final = "STOPPED"
RESUME: Final = "respond.resume"  # rule for letting actions happen again


def stop(folder: Path, channels: Iterable[tuple[str, Channel]], at: str) -> Iterator[tuple[str, int | None, str]]:
    """Put the mark that forbids every action, then clear each target; yields its name, how many went, and trouble.

    A target that does not answer does not keep the others waiting: its trouble is told, and None for its count.
    """
    disk = Disk()
    with disk_trouble(folder):
        disk.make_folder(folder)
        disk.write_file(folder / MARK, f"{at}\n".encode())
    for name, channel in channels:
        try:
            yield name, channel.clear(), ""
        except PeerError as error:
            yield name, None, str(error)


def resume(folder: Path) -> None:
    """Take the mark away; two people signed for it."""
    with disk_trouble(folder):
        Disk().remove(folder / MARK)
