"""A case: one folder that holds everything about one tenant's evidence.

`lake/ ledger/ reports/ keys/`, `state.db`, `site.toml`, `seawall.toml`, `people.toml`, and a marker file with the
case's own uuid, by which readers of evidence recognise a case and leave it alone.
"""

from __future__ import annotations

import json
import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from seawall.errors import InputError
from seawall.model.clock import Clock
from seawall.model.finding import utc_text

MARKER: Final = ".seawall-case"


@dataclass(frozen=True, slots=True)
class Case:
    """Where a case keeps what."""

    folder: Path
    uuid: str

    @property
    def lake(self) -> Path:
        """Folder of event tables."""
        return self.folder / "lake"

    @property
    def ledger(self) -> Path:
        """Folder of the append-only record."""
        return self.folder / "ledger"

    @property
    def asked(self) -> Path:
        """Folder of what earlier hunts asked of which parts of the lake; can be deleted."""
        return self.folder / "asked"

    @property
    def keys(self) -> Path:
        """Folder of the case's own signing keys; files in it are mode 0600."""
        return self.folder / "keys"

    @property
    def ledger_key(self) -> Path:
        """The key checkpoints are signed with."""
        return self.keys / "ledger.key"

    @property
    def vault(self) -> Path:
        """Folder of the vault: its socket, and where identifiers stand, sealed."""
        return self.folder / "vault"

    @property
    def vault_socket(self) -> Path:
        """Where the vault answers while it is served."""
        return self.vault / "vault.sock"

    @property
    def vault_key(self) -> Path:
        """The key identifiers are committed with, under a passphrase."""
        return self.keys / "vault.key"

    @property
    def people_file(self) -> Path:
        """Who may sign; may be absent."""
        return self.folder / "people.toml"

    @property
    def witness_policy(self) -> Path:
        """Who must have signed the ledger's checkpoints beside the case itself; may be absent."""
        return self.folder / "witnesses.policy"

    @property
    def origin(self) -> str:
        """The name the ledger's checkpoints carry."""
        return f"seawall/{self.uuid}"

    @property
    def reports(self) -> Path:
        """Folder of reports."""
        return self.folder / "reports"

    @property
    def duties(self) -> Path:
        """Folder of duties of one's own, laid over those that come with Seawall; may be absent."""
        return self.folder / "duties"

    @property
    def lessons(self) -> Path:
        """Folder of lessons of one's own, laid over those that come with Seawall; may be absent."""
        return self.folder / "lessons"

    @property
    def statements(self) -> Path:
        """Folder of what people stated about incidents: when a clock started, what was sent."""
        return self.folder / "statements"

    @property
    def state_url(self) -> str:
        """SQLAlchemy address of the default state database."""
        return f"sqlite:///{self.folder / 'state.db'}"

    @property
    def site_file(self) -> Path:
        """What the carrier knows of itself; may be absent."""
        return self.folder / "site.toml"

    @property
    def settings_file(self) -> Path:
        """Run settings; may be absent."""
        return self.folder / "seawall.toml"


def is_case(folder: Path) -> bool:
    """Whether a folder is a Seawall case: then it holds our own words, not evidence.

    The marker must be a whole one: an empty file of its name would hide a folder from every hunt.
    """
    try:
        uuid.UUID(json.loads((folder / MARKER).read_bytes()[:4096])["uuid"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
    return True


def open_case(folder: Path, clock: Clock, *, create: bool = True) -> Case:
    """The case in `folder`, made (mode 0700) if it is not there.

    Raises:
        InputError: the folder is something else, cannot be made, or `create` is false and there is none.
    """
    marker = folder / MARKER
    try:
        if marker.is_file():
            return Case(folder, str(json.loads(marker.read_text(encoding="utf-8"))["uuid"]))
        if not create:
            raise InputError(
                "no Seawall case here", where=str(folder), mend="name it with --case, or start with a hunt"
            )
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise InputError(
                "holds other files, so no case is made here", where=str(folder), mend="name an empty or new folder"
            )
        return _create(folder, clock)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"case cannot be opened: {error}", where=str(folder), mend="check its permissions") from error


def _create(folder: Path, clock: Clock) -> Case:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / "reports").mkdir(exist_ok=True, mode=0o700)
    case = Case(folder, str(uuid.uuid4()))
    text = json.dumps({"uuid": case.uuid, "created": utc_text(clock.now())}) + "\n"
    partial = folder / f"{MARKER}.{os.getpid()}.partial"
    partial.write_text(text, encoding="utf-8")
    partial.replace(folder / MARKER)  # the marker appears whole or not at all
    return case
