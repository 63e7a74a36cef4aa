"""Looks into archives, however they are nested: each member is a file of evidence of its own.

    a.zip!/b.tar.gz!/c.log:12      line 12 of a log, in a tar, in a zip

What a member is called is only a name: nothing is written where it says, links are not followed. Depth, number and
size are bounded for each PATH's file as a whole, so a bomb, a quine or a million crumbs end with one sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import BinaryIO, Final

from seawall.sources import opening
from seawall.sources.base import HEAD_BYTES, Evidence, Place, Reject, Skipped
from seawall.sources.containers import Archive, archive_of, wrapping_of
from seawall.sources.containers.base import Blocks, Member
from seawall.sources.opening import blocks_of, open_place
from seawall.sources.spool import NoRoom, Spool

MAX_DEPTH: Final = 8  # archives within archives
MAX_MEMBERS: Final = 200_000  # of one stored file, all its archives together
_SHOWN_NAME: Final = 1_024
_USUAL_RATIO: Final = 10  # of logs packed and unpacked


class _Enough(Exception):  # noqa: N818 - never leaves the room
    """A bound is reached; the sentence says which."""


@dataclass(slots=True)
class _Bounds:
    """What one stored file may still come to."""

    stored: int
    members: int = 0
    given: int = 0

    def one_more(self) -> None:
        self.members += 1
        if self.members > MAX_MEMBERS:
            raise _Enough(f"holds more than {MAX_MEMBERS:,} members; reading stopped there, unpack it by hand")

    def count(self, blocks: Blocks) -> Blocks:
        for block in blocks:
            self.given += len(block)
            if self.given > max(opening.BOMB_BYTES, self.stored * opening.BOMB_RATIO):
                raise _Enough(opening.too_much("archive", self.given))
            yield block


@dataclass(slots=True)
class _Unpacking:
    """One stored file being looked into."""

    spool: Spool
    bounds: _Bounds
    heads_only: bool

    def look(self, evidence: Evidence, depth: int) -> Iterator[Evidence | Reject]:
        archive = archive_of(evidence.head)
        if archive is None:
            yield evidence
            return
        if depth == MAX_DEPTH:
            what = f"more than {MAX_DEPTH} archives inside each other; unpack it by hand if it is genuine"
            yield Reject(evidence.origin, what)
            return
        troubles: list[Reject] = []
        names: Counter[str] = Counter()

        def say(what: str) -> None:
            troubles.append(Reject(evidence.origin, what))

        with closing(self._stream(evidence, archive)) as stream:
            for member in archive.members(stream, say):
                self.bounds.one_more()
                yield from self._member(member, _origin(evidence.origin, member.name, names), depth)
        yield from dict.fromkeys([*troubles, *evidence.troubles])
        if not self.bounds.members:
            yield Skipped(evidence.origin, f"{archive.name} without members")

    def _stream(self, evidence: Evidence, archive: Archive) -> BinaryIO:
        """The archive's bytes, in a file to move about in where it must be."""
        if not archive.seeks:
            return evidence.open()
        if evidence.path is not None:
            return evidence.path.open("rb")
        return self.spool.keep(self.bounds.count(blocks_of(evidence.open()))).open()

    def _member(self, member: Member, origin: str, depth: int) -> Iterator[Evidence | Reject]:
        if member.instead:
            yield (Reject if member.wrong else Skipped)(origin, member.instead)
            return
        found = open_place(self._put_by(member.blocks, origin))
        if isinstance(found, Reject):
            yield found
            return
        if wrapping_of(_stored_head(found)) and not self.heads_only:
            unwrapped = open_place(self._put_by(blocks_of(found.open()), origin))
            yield from found.troubles
            if isinstance(unwrapped, Reject):
                yield unwrapped
                return
            found = unwrapped
        yield from self.look(found, depth + 1)

    def _put_by(self, blocks: Blocks, origin: str) -> Place:
        counted = self.bounds.count(blocks)
        if self.heads_only:
            counted = _headed(counted)
        kept = self.spool.keep(counted)
        return Place(origin, kept.path, kept.content, kept.size, keep=kept)


def unpack(evidence: Evidence, spool: Spool, *, heads_only: bool = False) -> Iterator[Evidence | Reject]:
    """The evidence itself, or what its archive holds, members of members included.

    `heads_only`: members hold their first bytes only; for looking around. Raises nothing.
    """
    if archive_of(evidence.head) is None:
        yield evidence
        return
    try:
        yield from _shared(_Unpacking(spool, _Bounds(evidence.size or 0), heads_only).look(evidence, 0), evidence.size)
    except _Enough as enough:
        yield Reject(evidence.origin, str(enough))
    except NoRoom:
        what = "no room to unpack it in the temporary folder; point TMPDIR to a folder on a larger disk"
        yield Reject(evidence.origin, what)
    except OSError as error:
        yield Reject(evidence.origin, opening.cannot(error))


def _shared(found: Iterator[Evidence | Reject], stored: int | None) -> Iterator[Evidence | Reject]:
    """Members, each with a guess at its share of the stored bytes; the last one gets what is left."""
    left, held = stored or 0, None
    try:
        for one in found:
            if held is not None:
                yield held
            held = None
            if isinstance(one, Reject):
                yield one
                continue
            held = replace(one, share=min(left, (one.size or 0) // _USUAL_RATIO))
            left -= held.share or 0
    except (_Enough, NoRoom, OSError):
        if held is not None:
            yield held
        raise
    if held is not None:
        yield replace(held, share=(held.share or 0) + left)


def _stored_head(evidence: Evidence) -> bytes:
    place = evidence.place
    if place is None:
        return b""
    if place.path is None:
        return place.content[:HEAD_BYTES]
    with place.path.open("rb") as stored:
        return stored.read(64)


def _headed(blocks: Blocks) -> Blocks:
    """The first bytes of what is no container; all of what is one, because looking into it needs them."""
    start = b""
    for block in blocks:
        start += block
        if len(start) >= HEAD_BYTES:
            break
    if wrapping_of(start) or archive_of(start):
        yield start
        yield from blocks
    elif start:
        yield start[:HEAD_BYTES]


def _origin(archive: str, name: str, names: Counter[str]) -> str:
    shown = printable_name(name)
    while shown.startswith("./"):
        shown = shown[2:]
    origin = f"{archive}!/{shown[:_SHOWN_NAME]}"
    names[origin] += 1
    return origin if names[origin] == 1 else f"{origin}~{names[origin]}"


def printable_name(name: str) -> str:
    """A file name as text that fits into one line: undecodable bytes and control characters become `\\\\xNN`."""
    raw = name.encode("utf-8", "surrogateescape" if _is_raw(name) else "backslashreplace")
    text = raw.decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def _is_raw(name: str) -> bool:
    return all(not 0xD800 <= ord(c) < 0xDC80 and not 0xDD00 <= ord(c) < 0xE000 for c in name)
