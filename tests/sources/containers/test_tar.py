from __future__ import annotations

import io
import tarfile
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources.containers import tar
from tests.sources.containers.packing import BODY, held

LONG = "/".join(["a-long-folder-name"] * 12) + "/router.log"


def packed(members: dict[str, bytes], form: int = tarfile.PAX_FORMAT, *others: tarfile.TarInfo) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for other in others:
            archive.addfile(other)
    return out.getvalue()


MEMBERS = {"one.log": BODY, LONG: b"two\n", "sub/üñí.log": b"three", "empty": b"", "exact": b"x" * 512}
PACKED = packed(MEMBERS)


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT], ids=["pax", "gnu"])
def test_members_are_what_was_packed(form: int) -> None:
    stored = packed(MEMBERS, form)
    assert tar.CONTAINER.is_one(stored[:600])
    assert held(tar.CONTAINER, stored) == (MEMBERS, {}, [])


def test_tars_put_together_are_read_to_the_last() -> None:
    contents, _, said = held(tar.CONTAINER, packed({"a": b"1"}) + packed({"b": b"2"}))
    assert (contents, said) == ({"a": b"1", "b": b"2"}, [])


def test_what_is_no_file_is_said_and_never_followed() -> None:
    others = []
    for name, kind in (("link", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE), ("dev", tarfile.CHRTYPE)):
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, "/etc/passwd"
        others.append(info)
    contents, instead, _ = held(tar.CONTAINER, packed({"../../etc/cron": b"x"}, tarfile.PAX_FORMAT, *others))
    assert contents == {"../../etc/cron": b"x"}, "a name is only a name"
    assert {name: why.split(" in")[0] for name, why in instead.items()} == {
        "link": "a link",
        "hard": "a hard link",
        "dev": "a device",
    }


def test_what_stands_before_a_cut_is_read_and_the_cut_said() -> None:
    contents, _, said = held(tar.CONTAINER, PACKED[: len(BODY) // 2])
    assert contents["one.log"] == BODY[: len(contents["one.log"])]
    assert len(contents["one.log"]) > len(BODY) // 2 - 2_000
    assert [one for one in said if "cut off" in one]


def test_members_after_a_damaged_header_are_found() -> None:
    stored = bytearray(packed({"a": b"1", "b": b"2", "c": b"3"}, tarfile.USTAR_FORMAT))
    stored[1024:1100] = b"\xff" * 76  # the header of b
    contents, _, said = held(tar.CONTAINER, bytes(stored))
    assert contents == {"a": b"1", "c": b"3"}
    assert len(said) == 1


def test_a_header_of_any_size_is_not_held_in_memory() -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 200 << 20

    class Endless(io.RawIOBase):
        given = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            if not self.given:
                head = info.tobuf()
                buffer[: len(head)] = head
                self.given = len(head)
                return len(head)
            count = min(len(buffer), info.size + 512 - self.given)
            buffer[:count] = bytes(count)
            self.given += count
            return count

    said: list[str] = []
    tracemalloc.start()
    assert not list(tar.CONTAINER.members(io.BufferedReader(Endless(), 65_536), said.append))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 << 20
    assert "header" in said[0]


@given(st.binary(max_size=600), st.integers(0, 3_000), st.integers(0, 600))
def test_any_bytes_give_members_or_a_sentence(noise: bytes, at: int, cut: int) -> None:
    small = packed({"a": b"1" * 600, LONG: b"2"})
    held(tar.CONTAINER, small[:at] + noise + small[at + cut :])
