from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from seawall.disk.durable import Disk
from seawall.errors import InputError
from seawall.people import changes
from seawall.people.rules import Rule, rule_for
from tests.people.books import MemoryBook, MovingClock
from tests.people.test_register import public

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def book() -> MemoryBook:
    return MemoryBook(MovingClock(NOON))


def add(path: Path, book: MemoryBook, id_: str, seed: int) -> None:
    changes.add(path, book, book.clock, id_=id_, name="Ann O'Hara \u2713", roles=("lead",), public=public(seed))


def test_every_change_is_an_entry_and_the_file_is_the_one_it_tells(tmp_path: Path, book: MemoryBook) -> None:
    path = tmp_path / "people.toml"
    add(path, book, "ann", 1)
    add(path, book, "bob", 2)
    changes.revoke(path, book, id_="ann", at=NOON + timedelta(hours=1))
    assert [entry.body["change"] for entry in book.entries] == ["add", "add", "revoke"]
    assert len(changes.read_register(path, book).people) == 2
    assert all(b"Hara" not in entry.raw for entry in book.entries), "the ledger holds no names"


@pytest.mark.parametrize("edit", ["append", "remove", "older", "made by hand"])
def test_an_edit_behind_the_ledgers_back_is_noticed(tmp_path: Path, book: MemoryBook, edit: str) -> None:
    path = tmp_path / "people.toml"
    if edit != "made by hand":
        add(path, book, "ann", 1)
        older = path.read_bytes()
        changes.revoke(path, book, id_="ann", at=NOON)
    if edit == "append":
        path.write_bytes(path.read_bytes() + b"# harmless\n")
    elif edit == "remove":
        path.unlink()
    elif edit == "older":
        path.write_bytes(older)
    else:
        path.write_text("[[people]]\nid = 'eve'\n")
    for act in (lambda: changes.read_register(path, book), lambda: add(path, book, "eve", 9)):
        with pytest.raises(InputError) as refused:
            act()
        assert refused.value.mend
    assert not any(entry.body.get("person") == "eve" for entry in book.entries)


@pytest.mark.parametrize("dies", ["before the entry", "after the entry"])
def test_a_change_cut_short_is_whole_or_nothing(
    tmp_path: Path, book: MemoryBook, monkeypatch: pytest.MonkeyPatch, dies: str
) -> None:
    path = tmp_path / "people.toml"
    add(path, book, "ann", 1)
    with monkeypatch.context() as patch:
        if dies == "before the entry":
            patch.setattr(book, "append", _die)
        else:
            patch.setattr(Disk, "replace", _die)
        with pytest.raises(KeyboardInterrupt):
            add(path, book, "bob", 2)
    ids = [person.id for person in changes.read_register(path, book).people]
    assert ids == (["ann"] if dies == "before the entry" else ["ann", "bob"])
    assert [p.name for p in tmp_path.iterdir()] == ["people.toml"]


def test_the_new_file_and_its_name_are_on_the_disk_before_the_entry_tells_of_it(
    tmp_path: Path, book: MemoryBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    did: list[str] = []
    for name in ("sync", "sync_folder", "replace"):
        monkeypatch.setattr(Disk, name, _noted(did, name, getattr(Disk, name)))
    monkeypatch.setattr(book, "append", _noted(did, "entry", book.append))
    add(tmp_path / "people.toml", book, "ann", 1)
    assert did == ["sync", "sync_folder", "entry", "replace", "sync_folder"]


def _noted(did: list[str], name: str, act: Callable[..., object]) -> Callable[..., object]:
    def noted(*args: Any, **named: Any) -> object:
        did.append(name)
        return act(*args, **named)

    return noted


def _die(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_a_rule_is_set_before_anybody_may_sign_and_not_after(tmp_path: Path, book: MemoryBook) -> None:
    path = tmp_path / "people.toml"
    changes.set_rule(path, book, "vault.show", Rule(approvers=2, roles=("lead",)))
    add(path, book, "ann", 1)
    register = changes.read_register(path, book)
    assert rule_for("vault.show", register.rules).approvers == 2
    with pytest.raises(InputError, match="one person alone"):
        changes.set_rule(path, book, "vault.show", Rule(approvers=1))
    assert [entry.body["change"] for entry in book.entries] == ["rule", "add"]


def test_a_rule_without_approvers_is_no_rule(tmp_path: Path, book: MemoryBook) -> None:
    with pytest.raises(InputError, match="approvers"):
        changes.set_rule(tmp_path / "people.toml", book, "vault.show", Rule(approvers=0))
