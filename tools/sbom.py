"""A CycloneDX 1.6 bill of materials of a folder of wheels, from what the wheels say of themselves."""

from __future__ import annotations

import hashlib
import json
import uuid
import zipfile
from dataclasses import dataclass
from email.message import Message
from email.parser import Parser
from pathlib import Path
from typing import Any, Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

SPEC_VERSION: Final = "1.6"


@dataclass(frozen=True, slots=True)
class Wheel:
    """One wheel: its metadata and its digest."""

    path: Path
    name: str  # canonical
    version: str
    license: str  # SPDX expression where the wheel gives one, else its own words
    is_expression: bool
    requires: tuple[str, ...]  # canonical names, markers of extras left out
    sha256: str

    @property
    def purl(self) -> str:
        """Package URL: what vulnerability scanners look up."""
        return f"pkg:pypi/{self.name}@{self.version}"


def read_wheel(path: Path) -> Wheel:
    """What a wheel says of itself. Raises ValueError if it is no wheel."""
    with zipfile.ZipFile(path) as archive:
        metadata = next((n for n in archive.namelist() if n.endswith(".dist-info/METADATA")), None)
        if metadata is None:
            raise ValueError(f"{path.name} is not a wheel: it holds no METADATA")
        headers = Parser().parsestr(archive.read(metadata).decode("utf-8"), headersonly=True)
    expression = headers.get("License-Expression")
    return Wheel(
        path,
        canonicalize_name(headers["Name"]),
        headers["Version"],
        expression or _license_words(headers),
        expression is not None,
        tuple(_requires(headers)),
        hashlib.sha256(path.read_bytes()).hexdigest(),
    )


def _license_words(headers: Message) -> str:
    classifiers = [c for c in headers.get_all("Classifier", []) if c.startswith("License :: ")]
    if classifiers:
        return " OR ".join(str(c).rpartition(" :: ")[2] for c in classifiers)
    return (headers.get("License") or "unknown").strip().splitlines()[0][:200]


def _requires(headers: Message) -> list[str]:
    parsed = [Requirement(line) for line in headers.get_all("Requires-Dist", [])]
    return sorted({canonicalize_name(r.name) for r in parsed if r.marker is None or r.marker.evaluate({"extra": ""})})


def bill(wheels: list[Wheel], *, root: str) -> dict[str, Any]:
    """The bill of materials; the wheel named `root` is what the others are for.

    Nothing in it depends on when or where it is made: its serial number comes from the wheels' digests.
    """
    ordered = sorted(wheels, key=lambda wheel: wheel.name)
    refs = {wheel.name: wheel.purl for wheel in ordered}
    subject = next(wheel for wheel in ordered if wheel.name == root)
    seed = hashlib.sha256("".join(wheel.sha256 for wheel in ordered).encode()).digest()
    return {
        "bomFormat": "CycloneDX",
        "specVersion": SPEC_VERSION,
        "serialNumber": f"urn:uuid:{uuid.UUID(bytes=seed[:16], version=4)}",
        "version": 1,
        "metadata": {"component": _component(subject, "application")},
        "components": [_component(wheel, "library") for wheel in ordered if wheel is not subject],
        "dependencies": [
            {"ref": wheel.purl, "dependsOn": [refs[name] for name in wheel.requires if name in refs]}
            for wheel in ordered
        ],
    }


def _component(wheel: Wheel, kind: str) -> dict[str, Any]:
    spoken = {"expression": wheel.license} if wheel.is_expression else {"license": {"name": wheel.license}}
    return {
        "type": kind,
        "bom-ref": wheel.purl,
        "name": wheel.name,
        "version": wheel.version,
        "purl": wheel.purl,
        "hashes": [{"alg": "SHA-256", "content": wheel.sha256}],
        "licenses": [spoken],
    }


def write_bill(wheels: list[Wheel], path: Path, *, root: str) -> None:
    """Write the bill of materials as JSON."""
    path.write_text(json.dumps(bill(wheels, root=root), indent=1) + "\n", encoding="utf-8")
