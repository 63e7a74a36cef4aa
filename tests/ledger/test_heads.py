from __future__ import annotations

from pathlib import Path

import pytest

from seawall.disk.durable import Disk
from seawall.errors import InputError
from seawall.ledger.heads import Heads, read_heads
from seawall.ledger.merkle import EMPTY_ROOT
from seawall.ledger.note import COSIGNATURE, new_key

ORIGIN = "seawall/a"


def made(folder: Path) -> Heads:
    folder.mkdir(exist_ok=True)
    heads = Heads(folder, folder / "log.key", ORIGIN, Disk())
    heads.make(new=True)
    return heads


def test_what_is_signed_is_read_back_and_only_the_last_is_handed_out(tmp_path: Path) -> None:
    heads = made(tmp_path)
    assert heads.latest() is None
    first, second = heads.publish(0, EMPTY_ROOT), heads.publish(1, bytes(32))
    assert heads.latest() == second
    assert heads.signed(second).startswith(second.text.encode())
    with pytest.raises(InputError, match="newer checkpoint"):
        heads.signed(first)
    assert read_heads(tmp_path, ORIGIN).latest() == second


def test_witnesses_signatures_gather_under_one_checkpoint_and_never_go_back(tmp_path: Path) -> None:
    heads = made(tmp_path)
    one, two = new_key("w.example/1", COSIGNATURE), new_key("w.example/2", COSIGNATURE)
    big = heads.publish(5, bytes(32))
    for key in (one, two, one):
        heads.keep(big, key.public, key.cosign(big.text, 1_800_000_000))
    cosigned = heads.cosigned()
    assert cosigned is not None
    assert [s.name for s in cosigned[1].signatures] == [ORIGIN, "w.example/2", "w.example/1"]
    small = heads.publish(4, bytes(32))
    heads.keep(small, one.public, one.cosign(small.text, 1_800_000_000))
    assert heads.cosigned() == cosigned
    assert heads.cosigned_size(one.public) == 5
    (tmp_path / "witnesses" / "00.tmp").write_bytes(b"torn")
    assert [name for name, raw in heads.raw() if raw == b"torn"] == []
    assert len(list(heads.raw())) == 4
    with pytest.raises(InputError, match="is wrong"):
        heads.keep(big, one.public, two.cosign(big.text, 1))


def test_a_folder_without_a_log_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no ledger here"):
        read_heads(tmp_path, ORIGIN)
