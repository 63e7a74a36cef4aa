from __future__ import annotations

import struct

from seawall.sources.exports.clocks import Clocks


def header(seconds: int, domain: int) -> bytes:
    return struct.pack(">HHIIII", 9, 1, 1_000, seconds, 1, domain)


def test_exporters_an_hour_apart_side_by_side_in_a_file_are_told() -> None:
    clocks = Clocks("x.dat")
    for number in range(20):
        clocks.see(header(1_795_298_400 + number, 1), "", None)
        clocks.see(header(1_795_302_000 + number, 2), "", None)
    assert [note.partition(" is ")[2] for note in clocks.notes()] == [
        "60 min behind the exporters beside it", "60 min ahead of the exporters beside it",
    ]  # fmt: skip


def test_exporters_that_agree_are_not_mentioned() -> None:
    clocks = Clocks("x.dat")
    for number in range(20):
        clocks.see(header(1_795_298_400 + number, number % 2), "", None)
        clocks.see(header(1_795_298_400 + number, number % 2), "192.0.2.1", (1_795_298_402 + number) * 10**6)
    assert clocks.notes() == ()
