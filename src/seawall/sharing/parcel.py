"""A parcel: exactly the bytes that would leave, for whom, and what stays. What is previewed is signed, and is sent."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from seawall.disk.durable import Disk, disk_trouble
from seawall.errors import InputError
from seawall.ledger.canonical import canonical
from seawall.model.tlp import Light

VERSION: Final = 1
MAX_BYTES: Final = 512 << 20
RELEASE: Final = "share.release"  # the action two people sign
SHARED: Final = "shared"  # of the ledger entry


@dataclass(frozen=True)
class Parcel:
    """What leaves, and what was kept back."""

    form: str  # stix, misp, csv, blocklist, sigma, ocsf, package
    receiver: str  # empty: our own house
    clearance: Light  # the receiver's
    profile: str
    light: Light  # the strictest of what is in it
    files: Mapping[str, bytes]  # name → content; exactly this leaves
    objects: Sequence[Mapping[str, Any]] = ()  # the STIX objects it tells of
    kept_back: Sequence[tuple[str, str]] = ()  # id, and the light that keeps it
    left_out: Mapping[str, int] = field(default_factory=dict)  # what was not put in, in words
    replaced: Mapping[str, int] = field(default_factory=dict)  # what was redacted, in words
    lost: Sequence[tuple[str, str]] = ()  # what the format has no place for: id, why
    thinned: Mapping[str, int] = field(default_factory=dict)  # properties the format has no place for

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over names and contents: what people sign."""
        return sha256(canonical({name: sha256(raw).hexdigest() for name, raw in self.files.items()})).hexdigest()

    @property
    def values(self) -> dict[str, str | int]:
        """What two people sign, and nothing more."""
        return {
            "sha256": self.digest,
            "form": self.form,
            "receiver": self.receiver,
            "clearance": self.clearance.word,
            "light": self.light.word,
            "profile": self.profile,
            "objects": len(self.objects),
            "bytes": sum(map(len, self.files.values())),
        }

    def text(self) -> str:
        """The file it is kept as until it is sent."""
        return json.dumps(
            {
                "v": VERSION,
                "form": self.form,
                "receiver": self.receiver,
                "clearance": self.clearance.word,
                "profile": self.profile,
                "light": self.light.word,
                "files": {name: base64.b64encode(raw).decode() for name, raw in self.files.items()},
                "objects": list(self.objects),
                "kept_back": [list(one) for one in self.kept_back],
                "left_out": dict(self.left_out),
                "replaced": dict(self.replaced),
                "lost": [list(one) for one in self.lost],
                "thinned": dict(self.thinned),
            }
        )


def keep(parcel: Parcel, folder: Path, disk: Disk | None = None) -> Path:
    """Keep a parcel under its digest, so that what two people sign is what is sent."""
    disk = disk or Disk()
    path = folder / f"{parcel.digest}.json"
    with disk_trouble(folder):
        disk.make_folder(folder)
        disk.write_file(path, parcel.text().encode())
    return path


def find(folder: Path, start: str) -> Parcel:
    """A parcel by the first letters of its digest.

    Raises:
        InputError: none, or more than one, is called so; or its file was changed.
    """
    paths = sorted(folder.glob("*.json")) if folder.is_dir() else []
    named = [path for path in paths if start and path.stem.startswith(start.lower())]
    if len(named) != 1:
        what = "no parcel has that digest" if not named else f"{len(named)} parcels start so"
        raise InputError(what, where=start, mend="make one with: seawall share preview")
    return read(named[0])


def read(path: Path) -> Parcel:
    """A parcel from its file. Raises InputError if it is none, or is not what its name says."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError
        raw = json.loads(path.read_bytes())
        if raw["v"] != VERSION:
            raise ValueError
        parcel = Parcel(
            raw["form"],
            raw["receiver"],
            _light(raw["clearance"]),
            raw["profile"],
            _light(raw["light"]),
            {str(name): base64.b64decode(text, validate=True) for name, text in raw["files"].items()},
            raw["objects"],
            [(str(a), str(b)) for a, b in raw["kept_back"]],
            raw["left_out"],
            raw["replaced"],
            [(str(a), str(b)) for a, b in raw["lost"]],
            raw["thinned"],
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputError(
            "no parcel, or a damaged one", where=str(path), mend="make it again: seawall share preview"
        ) from None
    if parcel.digest != path.stem:
        raise InputError("this parcel was changed since it was made", where=str(path), mend="make it again")
    return parcel


def _light(word: str) -> Light:
    return Light[word.upper().replace("+", "_")]
