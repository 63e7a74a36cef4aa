"""What a log has signed: its last checkpoint, the last one witnesses signed too, and the key it signs with."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

from seawall.disk.durable import TEMPORARY, Disk
from seawall.errors import InputError
from seawall.ledger.checkpoint import Checkpoint, open_checkpoint
from seawall.ledger.keys import load_key, make_key
from seawall.ledger.note import ED25519, Note, Signature, SigningKey, VerifierKey, read_verifier_key

CHECKPOINT: Final = "checkpoint"
COSIGNED: Final = "cosigned"  # the last checkpoint witnesses signed
VKEY: Final = "log.vkey"
WITNESSES: Final = "witnesses"  # what each of them signed last


class Heads:
    """The signed heads of the log below `folder`."""

    def __init__(self, folder: Path, key_file: Path, origin: str, disk: Disk) -> None:
        self.origin = origin
        self._folder, self._key_file, self._disk = folder, key_file, disk
        self._key: SigningKey | None = None

    def make(self, *, new: bool) -> None:
        """Have the public key beside the log; a new log gets a key of its own. OSError if the disk refuses."""
        if new and not self._key_file.exists():
            self._key = make_key(self._key_file, self.origin, ED25519, self._disk)
        if not (self._folder / VKEY).exists():
            self._disk.write_file(self._folder / VKEY, (self.signing_key().public.text + "\n").encode())

    def verifier(self) -> VerifierKey:
        """The public key checkpoints are signed with. Raises InputError."""
        path = self._folder / VKEY
        return read_verifier_key(path.read_text(encoding="utf-8", errors="replace"), where=str(path))

    def signing_key(self) -> SigningKey:
        """The private key. Raises InputError if it is gone, others may read it, or it is another log's."""
        if self._key is None:
            key = load_key(self._key_file)
            if key.name != self.origin:
                raise InputError(
                    f"the key of another log: {key.name}",
                    where=str(self._key_file),
                    mend="restore this case's own key from a backup",
                )
            self._key = key
        return self._key

    def latest(self) -> Checkpoint | None:
        """The last checkpoint published; None before the first. Raises InputError if it is not this log's."""
        note = self._read(self._folder / CHECKPOINT)
        return note[0] if note else None

    def raw(self) -> Iterator[tuple[str, bytes | None]]:
        """Every signed head that is kept, unread: its name and bytes."""
        for path in (self._folder / CHECKPOINT, self._folder / COSIGNED, *sorted((self._folder / WITNESSES).glob("*"))):
            if path.suffix != TEMPORARY:  # an unfinished one: the power failed in a write nobody was told of
                yield path.name, path.read_bytes() if path.is_file() else None

    def publish(self, size: int, root: bytes) -> Checkpoint:
        """Sign a size and root, and put the checkpoint in place. OSError if the disk refuses."""
        checkpoint = Checkpoint(self.origin, size, root)
        note = Note(checkpoint.text, (self.signing_key().sign(checkpoint.text),))
        self._disk.write_file(self._folder / CHECKPOINT, note.encoded)
        return checkpoint

    def signed(self, checkpoint: Checkpoint) -> bytes:
        """The note of the last checkpoint. Raises InputError if this is not it."""
        found = self._read(self._folder / CHECKPOINT)
        if found is None or found[0] != checkpoint:
            raise InputError("a newer checkpoint was published meanwhile", where=str(self._folder), mend="try again")
        return found[1].encoded

    def cosigned(self) -> tuple[Checkpoint, Note] | None:
        """The last checkpoint witnesses signed, with their signatures; None if none did. Raises InputError."""
        return self._read(self._folder / COSIGNED)

    def cosigned_size(self, witness: VerifierKey) -> int:
        """How many entries a witness has signed for, as far as it was kept; 0 if none. Raises InputError."""
        found = self._read(self._witness_file(witness))
        return found[0].size if found else 0

    def keep(self, checkpoint: Checkpoint, witness: VerifierKey, signature: Signature) -> None:
        """Keep a witness's signature under a checkpoint of ours. OSError if the disk refuses.

        Raises:
            InputError: it is not this witness's signature.
        """
        if not witness.signed(checkpoint.text, signature):
            raise InputError(f"the signature of {witness.name} is wrong", where=str(self._folder))
        last, mine = self.cosigned(), self.signing_key().sign(checkpoint.text)
        if last is not None and last[0].size > checkpoint.size:
            return
        others = last[1].signatures if last is not None and last[0] == checkpoint else (mine,)
        kept = (s for s in others if (s.name, s.key_id) != (signature.name, signature.key_id))
        self._disk.write_file(self._folder / COSIGNED, Note(checkpoint.text, (*kept, signature)).encoded)
        path = self._witness_file(witness)
        self._disk.make_folder(path.parent)
        self._disk.write_file(path, Note(checkpoint.text, (mine, signature)).encoded)

    def _read(self, path: Path) -> tuple[Checkpoint, Note] | None:
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            return None
        return open_checkpoint(raw, self.verifier(), where=str(path))

    def _witness_file(self, witness: VerifierKey) -> Path:
        return self._folder / WITNESSES / sha256(witness.text.encode()).hexdigest()[:16]


def read_heads(folder: Path, origin: str) -> Heads:
    """The heads of a log that is only read: no key is made, nothing is written. Raises InputError if it has none."""
    if not (folder / VKEY).exists():
        raise InputError("no ledger here", where=str(folder), mend="a case gets one with its first hunt")
    return Heads(folder, folder / "no.key", origin, Disk())
