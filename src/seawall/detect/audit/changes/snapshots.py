"""A device's configuration as it stood at one time, with what is known of who changed it and when."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from seawall.detect.audit.device import Device, device_of
from seawall.detect.audit.entries import Entries, Entry
from seawall.model.events import event_ids
from seawall.model.site import Site
from seawall.platforms.config import DeviceConfig, read
from seawall.platforms.snapshots import changed_at, taken_at
from seawall.platforms.snapshots import device_of as named_after

MAX_PATH: Final = 4_000  # characters of a line with its sections


@dataclass(frozen=True, slots=True)
class Committed:
    """Who put a snapshot into a git repository, and why. Times are UTC."""

    author: str
    when: datetime | None
    message: str  # its first lines, at most 500 characters


@dataclass(slots=True)
class Snapshot:
    """One configuration of one device."""

    device: Device
    origin: str  # of the file, without a line
    digest: bytes  # SHA-256 of the file
    taken: datetime | None = None  # UTC
    changed: datetime | None = None  # UTC; when the configuration says it was changed last
    by: str = ""  # who changed it last, as the configuration says
    committed: Committed | None = None
    ids: dict[int, bytes] = field(default_factory=dict, repr=False)  # of lines, where a lake gave them

    @property
    def name(self) -> str:
        """The device, as it names itself or its file does, in the site file's spelling."""
        name = self.device.name or named_after(self.origin) or ""
        return self.device.site.device_names.get(name.lower(), name)

    @property
    def config(self) -> DeviceConfig:
        """The tree behind it."""
        assert self.device.config is not None
        return self.device.config

    @property
    def time(self) -> datetime | None:
        """When it was taken, else when it says it was last changed."""
        return self.taken or self.changed

    def event_id(self, entry: Entry) -> bytes:
        """The id the line has as an event of kind `config_lines`."""
        if (known := self.ids.get(entry.number)) is not None:
            return known
        record = self.digest + entry.number.to_bytes(8, "big")
        return event_ids("config_lines", [self.device.name], [record])[0]


def _bounded(device: Device) -> Device:
    """The device without lines nobody types: patterns are not to be kept busy by them."""
    held = device.entries.all
    if any(len(entry.path) > MAX_PATH for entry in held):
        return replace(device, entries=Entries([entry for entry in held if len(entry.path) <= MAX_PATH]))
    return device


def snapshots_in(
    data: bytes, origin: str, site: Site, *, taken: datetime | None = None, committed: Committed | None = None
) -> list[Snapshot | str]:
    """The snapshots in a file, one per device; a sentence for what is no configuration. Raises nothing."""
    digest = hashlib.sha256(data).digest()
    told: list[Snapshot | str] = []
    for config in read(data, origin):
        if config.problem:
            told.append(config.problem)
        elif not config.platform:
            told.append("no configuration of a platform known here")
        else:
            told.append(
                Snapshot(
                    _bounded(device_of(config, site)),
                    origin,
                    digest,
                    taken or taken_at(origin),
                    changed_at(config.lines),
                    config.changed_by or "",
                    committed,
                )
            )
    return told
