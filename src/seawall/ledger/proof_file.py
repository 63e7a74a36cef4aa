"""A proof in one small file that needs no network (C2SP tlog-proof v1).

It holds where the entry stands, the path to the root, and the signed root.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from seawall.errors import InputError
from seawall.ledger.checkpoint import Checkpoint, open_checkpoint, read_hash
from seawall.ledger.merkle import leaf_hash, verify_inclusion
from seawall.ledger.note import verified
from seawall.ledger.policy import Policy

HEADER: Final = "c2sp.org/tlog-proof@v1"
MAX_HASHES: Final = 63
_INDEX: Final = re.compile(r"index (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class Proof:
    """That an entry is number `index` of the log a checkpoint speaks for."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes  # the whole signed note


def write_proof(proof: Proof) -> bytes:
    """The file's bytes."""
    lines = [HEADER, f"index {proof.index}", *(base64.b64encode(hash_).decode() for hash_ in proof.hashes), ""]
    return "".join(f"{line}\n" for line in lines).encode() + proof.checkpoint


def read_proof(raw: bytes, *, where: str = "proof") -> Proof:
    """Read a proof file; nothing is verified yet. Raises InputError if it is none."""
    head, gap, checkpoint = raw.partition(b"\n\n")
    try:
        first, *lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise InputError("no proof of a log entry", where=where) from None
    if lines and lines[0].startswith("extra "):
        lines.pop(0)  # nobody vouches for it
    index = _INDEX.fullmatch(lines[0]) if lines else None
    if first != HEADER or not gap or index is None or len(lines) > MAX_HASHES + 1:
        raise InputError("no proof of a log entry", where=where, mend=f"it should begin with {HEADER}")
    return Proof(int(index[1]), tuple(read_hash(line, where=where) for line in lines[1:]), checkpoint)


def check_proof(
    proof: Proof, entry: bytes, policy: Policy, *, where: str = "proof"
) -> tuple[Checkpoint, Sequence[str]]:
    """What a proof shows: the checkpoint it leads to, and the names of the witnesses that signed it.

    Raises:
        InputError: the checkpoint is no known log's, too few witnesses signed, or the path does not lead to its root.
    """
    told: InputError | None = None
    for log in policy.logs:
        try:
            checkpoint, note = open_checkpoint(proof.checkpoint, log, where=where)
            break
        except InputError as error:
            told = error
    else:
        raise told or InputError("no log is trusted", where=where, mend="name the log's key in the policy")
    keys = [log, *(witness.key for witness in policy.witnesses)]
    signers = [key for key, _ in verified(note, keys, where=where)]
    if not policy.met(signers):
        raise InputError("too few witnesses signed the checkpoint", where=where, mend="ask for a cosigned proof")
    if not verify_inclusion(proof.index, checkpoint.size, leaf_hash(entry), proof.hashes, checkpoint.root):
        raise InputError("the entry is not what the log holds there", where=where, mend="treat it as changed")
    return checkpoint, [w.name for w in policy.witnesses if w.key in signers]
