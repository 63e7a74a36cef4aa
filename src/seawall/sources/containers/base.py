"""What a container is: something that holds evidence without being evidence itself.

A *wrapping* (gz, bz2, xz, zst, lz4) holds one content; an *archive* (tar, zip, 7z) holds many members. A container
is one file here. It may say what it could not do (`Say`), and never raises once it is being read: what stood before
the damage is evidence all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

Say = Callable[[str], None]  # takes one sentence: what is wrong, and how to mend it
Blocks = Iterator[bytes]  # none of them empty

READ_BYTES: Final = 1 << 20
STEP_BYTES: Final = 1 << 16  # of content at a time: what a damaged piece can cost
MAX_MEMORY: Final = 192 << 20  # a dictionary larger than this is refused, not allocated
MAX_NAME_BYTES: Final = 4_096  # of a member; longer names are cut


@dataclass(frozen=True, slots=True)
class Member:
    """One thing an archive holds. `blocks` must be drawn before the next member is asked for, or it is passed over."""

    name: str  # as written in the archive, made harmless by whoever shows it
    blocks: Blocks
    instead: str = ""  # why there is no content (a link, encrypted), as a sentence; empty if there is
    wrong: bool = True  # whether that is a fault, or what archives are like (a folder, a link)


@dataclass(frozen=True, slots=True)
class Wrapping:
    """A container with one content. `read` turns stored blocks into content."""

    name: str
    is_one: Callable[[bytes], bool]  # by the first bytes
    read: Callable[[Blocks, Say], Blocks]


@dataclass(frozen=True, slots=True)
class Archive:
    """A container with members. `seeks`: needs a file it can move about in; otherwise a stream from the start does."""

    name: str
    is_one: Callable[[bytes], bool]
    members: Callable[[BinaryIO, Say], Iterator[Member]]
    seeks: bool = False


def no_blocks() -> Blocks:
    """The content of what has none."""
    return iter(())


def decompressed(
    name: str, make: Callable[[], Decompressor], stored: Blocks, say: Say, errors: tuple[type[Exception], ...]
) -> Blocks:
    """The content of one or more compressed streams, one after another, ending where it is cut off or broken."""
    machine = make()
    started = False
    for block in stored:
        rest = block
        while True:
            if not started:
                rest = rest.lstrip(b"\0")  # streams may be padded with zeros
                if not rest:
                    break
                machine, started = make(), True
            try:
                content = machine.decompress(rest, STEP_BYTES)
            except errors as error:
                say(damaged(name, error))
                return
            if content:
                yield content
            if machine.eof:
                rest, started = machine.unused_data, False
            elif machine.needs_input:
                break
            else:
                rest = b""
    if started:
        say(cut_off(name))


class Decompressor:
    """The shape `bz2` and `lzma` share."""

    eof: bool
    needs_input: bool
    unused_data: bytes

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Content of some more stored bytes, at most `max_length` of it."""
        raise NotImplementedError


def cut_off(name: str) -> str:
    """What to say of a container that ends too early."""
    return f"{name} is cut off; what stood before the cut was read, copy the file again for the rest"


def damaged(name: str, error: Exception | None = None) -> str:
    """What to say of a container that stops making sense, or asks for more memory than it gets."""
    if error is not None and "emory" in str(error):
        return f"{name} needs more than {MAX_MEMORY >> 20} MiB of memory to unpack; unpack it by hand"
    return f"{name} is damaged from here on; what stood before the damage was read"
