"""The Merkle tree of RFC 6962: hashes, roots as leaves come in, and the two proofs with their verifiers.

Proof hashes stand leaf's side first, root's side last. A verifier accepts exactly one proof for given sizes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import Final

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()

Full = Callable[[int, int], bytes]  # (height, number) → root of the full subtree of 2**height leaves


def leaf_hash(data: bytes) -> bytes:
    """Hash of an entry (RFC 6962, 2.1)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of two subtrees; the prefix keeps a node from being passed off as an entry."""
    return sha256(b"\x01" + left + right).digest()


class Growing:
    """The root of a tree that grows, from one hash for each bit of its size."""

    def __init__(self, size: int = 0, full: Full | None = None) -> None:
        self.size = 0
        self._stack: list[bytes] = []
        if size:
            assert full is not None
            self._stack = [full(height, number) for height, number in full_subtrees(0, size)]
            self.size = size

    def add(self, leaf: bytes) -> None:
        """Take in the hash of the next entry."""
        position, stack = self.size, self._stack
        while position & 1:
            leaf = sha256(b"\x01" + stack.pop() + leaf).digest()
            position >>= 1
        stack.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Root over everything taken in so far."""
        return fold(self._stack)


def fold(roots: Sequence[bytes]) -> bytes:
    """The root of a tree from its full subtrees, left to right."""
    if not roots:
        return EMPTY_ROOT
    root = roots[-1]
    for left in reversed(roots[:-1]):
        root = node_hash(left, root)
    return root


def fold_pairs(hashes: Sequence[bytes]) -> bytes:
    """The root of a full subtree from its 2**n leaves."""
    while len(hashes) > 1:
        hashes = [node_hash(hashes[n], hashes[n + 1]) for n in range(0, len(hashes), 2)]
    return hashes[0]


def full_subtrees(start: int, end: int) -> Iterable[tuple[int, int]]:
    """(height, number) of the full subtrees that make up the leaves `start` to `end`, left to right.

    `start` must be where a subtree of the range's size begins, as it is in every proof of RFC 6962.
    """
    while start < end:
        height = (end - start).bit_length() - 1
        if start:
            height = min(height, (start & -start).bit_length() - 1)
        yield height, start >> height
        start += 1 << height


def root_of(start: int, end: int, full: Full) -> bytes:
    """MTH(D[start:end]) from full subtrees."""
    return fold([full(height, number) for height, number in full_subtrees(start, end)])


def inclusion_proof(index: int, size: int, full: Full) -> list[bytes]:
    """PATH(index, D[size]) (RFC 6962, 2.1.1). `index` must lie in the tree."""
    return [root_of(start, end, full) for start, end in _path(index, 0, size)]


def consistency_proof(old: int, new: int, full: Full) -> list[bytes]:
    """PROOF(old, D[new]) (RFC 6962, 2.1.2), with 0 <= old <= new; empty where there is nothing to show."""
    if old in (0, new):
        return []
    start, end, whole, proof = 0, new, True, list[tuple[int, int]]()
    while end - start > 0:
        size = end - start
        if old == end:
            if not whole:
                proof.append((start, end))
            break
        split = start + _split(size)
        if old <= split:
            proof.append((split, end))
            end = split
        else:
            proof.append((start, split))
            start, whole = split, False
    return [root_of(first, last, full) for first, last in reversed(proof)]


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` shows that the entry with this hash is number `index` of the tree (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or not _hashes([leaf, *proof]):
        return False
    here, last, found = index, size - 1, leaf
    for hash_ in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = node_hash(hash_, found)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found = node_hash(found, hash_)
        here, last = here >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Whether `proof` shows that the newer tree begins with the older one (RFC 9162, 2.1.4.2).

    An empty older tree is refused: nothing is shown about it, so its caller must know what that means.
    """
    if not 0 < old <= new or not _hashes(proof):
        return False
    if old == new:
        return not proof and old_root == new_root
    if not proof:
        return False
    hashes = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    here, last = old - 1, new - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    before = after = hashes[0]
    for hash_ in hashes[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            before, after = node_hash(hash_, before), node_hash(hash_, after)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            after = node_hash(after, hash_)
        here, last = here >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def _hashes(values: Iterable[bytes]) -> bool:
    return all(len(value) == HASH_BYTES for value in values)


def _split(size: int) -> int:
    """Largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _path(index: int, start: int, end: int) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    while end - start > 1:
        split = start + _split(end - start)
        if index < split:
            ranges.append((split, end))
            end = split
        else:
            ranges.append((start, split))
            start = split
    return ranges[::-1]
