"""A case comes back from its backup as it was; a damaged one writes nothing, and nothing is ever overwritten."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from seawall import pipeline
from seawall.cli.main import cli
from seawall.errors import InputError, SeawallError, UsageError
from seawall.ledger import open_ledger
from seawall.model.case import Case, open_case
from seawall.model.settings import Settings
from seawall.pipeline import case_lake, case_state
from seawall.pipeline.backup import backup, restore, verify
from seawall.pipeline.streaming import Stream
from seawall.state.copying import copy_state
from seawall.state.outbox import Outbox
from tests.databases import fresh_database, postgresql
from tests.pipeline.hunting import CLOCK, line

SECRET = b"correct horse battery"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """A case with events, a finding, a ledger and something in the outbox."""
    folder = tmp_path_factory.mktemp("backup")
    (folder / "a.log").write_text(line(3, "clear logging") + line(4, "show version"), encoding="utf-8")
    made = open_case(folder / "case", CLOCK)
    made.settings_file.write_text('tenant = "t1"\n')
    stream = Stream(pipeline.HuntRequest(case=made, settings=Settings(tenant="t1"), clock=CLOCK, jobs=1))
    assert stream.take([folder / "a.log"]).new
    with case_state(made, Settings()) as state:
        Outbox(state).put([("soc", "notice", "a" * 32, 3)], CLOCK.now())
    return made


@pytest.fixture(scope="module")
def file(case: Case) -> Path:
    return backup(case, Settings(), case.folder.parent / "whole.tar", CLOCK).file


def same(one: Case, two: Case) -> None:
    assert two.uuid == one.uuid
    assert case_lake(two).kinds() == case_lake(one).kinds()
    with case_state(one, Settings()) as left, case_state(two, Settings()) as right:
        assert right.findings() == left.findings()
        assert right.incidents() == left.incidents()
        assert Outbox(right).every() == Outbox(left).every()
    assert two.settings_file.read_bytes() == one.settings_file.read_bytes()


def test_a_case_comes_back_as_it_was_and_its_ledger_goes_on(case: Case, tmp_path: Path) -> None:
    made = backup(case, Settings(), tmp_path / "b.tar", CLOCK, passphrase=SECRET)
    assert made.keys
    assert (made.findings, made.entries > 0) == (1, True)
    raw = made.file.read_bytes()
    assert case.ledger_key.read_bytes() not in raw
    assert made.file.stat().st_mode & 0o077 == 0
    restore(made.file, tmp_path / "back", passphrase=SECRET)
    back = open_case(tmp_path / "back", CLOCK, create=False)
    same(case, back)
    assert back.ledger_key.read_bytes() == case.ledger_key.read_bytes()
    with open_ledger(back, clock=CLOCK) as ledger:
        assert ledger.size == made.entries
        ledger.append("note", {"count": 1})
    stream = Stream(pipeline.HuntRequest(case=back, settings=Settings(tenant="t1"), clock=CLOCK, jobs=1))
    assert stream.take([case.folder.parent / "a.log"]).events == 0, "it knows what it has read"


def test_keys_stay_out_unless_they_are_sealed_and_a_wrong_passphrase_opens_nothing(
    case: Case, file: Path, tmp_path: Path
) -> None:
    with tarfile.open(file) as tar:
        names = tar.getnames()
    assert not [name for name in names if name.endswith(".key") or name.startswith(("keys", "vault", "spool", "asked"))]
    sealed = backup(case, Settings(), tmp_path / "b.tar", CLOCK, passphrase=SECRET).file
    with pytest.raises(UsageError, match="sealed"):
        restore(sealed, tmp_path / "back")
    with pytest.raises(SeawallError):
        restore(sealed, tmp_path / "back", passphrase=b"something else")
    assert not (tmp_path / "back").exists()
    restore(sealed, tmp_path / "back", without_keys=True)
    assert not (tmp_path / "back" / "keys").exists()
    back = open_case(tmp_path / "back", CLOCK, create=False)
    with pytest.raises(InputError, match="signing key is not there"), open_ledger(back, clock=CLOCK) as ledger:
        ledger.append("note", {"count": 1})


def test_nothing_is_overwritten(case: Case, file: Path, tmp_path: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(InputError, match="there already"):
        backup(case, Settings(), file, CLOCK)
    assert file.read_bytes() == before
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("mine")
    with pytest.raises(InputError, match="holds something"):
        restore(file, tmp_path / "full")
    with pytest.raises(InputError, match="holds"):
        copy_state(case.state_url, case.state_url)


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_one_changed_byte_or_a_cut_is_seen_before_anything_is_written(file: Path, tmp_path: Path, place: float) -> None:
    raw = bytearray(file.read_bytes())
    for name, damaged in (("cut", raw[: int(len(raw) * place)]), ("bent", _bent(raw, place))):
        (tmp_path / name).write_bytes(damaged)
        with pytest.raises(InputError, match="damaged"):
            restore(tmp_path / name, tmp_path / "back")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bent", "cut"]


def _bent(raw: bytearray, place: float) -> bytes:
    """The archive with one byte of a member's content changed."""
    with tarfile.open(fileobj=io.BytesIO(bytes(raw))) as tar:
        members = [member for member in tar if member.size]
    member = members[min(int(len(members) * place), len(members) - 1)]
    bent = bytearray(raw)
    bent[member.offset_data + member.size // 2] ^= 1
    return bytes(bent)


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "lake/../../outside", "link"])
def test_a_member_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    hostile = tmp_path / "hostile.tar"
    with tarfile.open(hostile, "w") as tar:
        info = tarfile.TarInfo("seawall-backup.json")
        data = b'{"format": 1}'
        info.size = len(data)
        tar.addfile(info, io.BytesIO(data))
        info = tarfile.TarInfo(name)
        if name == "link":
            info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(info, io.BytesIO(b""))
    with pytest.raises(InputError, match="no plain file"):
        restore(hostile, tmp_path / "back")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hostile.tar"]


def test_any_other_file_is_no_backup(tmp_path: Path) -> None:
    (tmp_path / "x.tar").write_bytes(b"hello" * 1000)
    with pytest.raises(InputError, match="no backup"):
        verify(tmp_path / "x.tar")


def test_state_moves_to_postgresql_and_back_and_counts_on(case: Case, file: Path, tmp_path: Path) -> None:
    with postgresql() as server:
        url = fresh_database(server)
        restore(file, tmp_path / "back", url=url)
        assert not (tmp_path / "back" / "state.db").exists()
        back = open_case(tmp_path / "back", CLOCK, create=False)
        (tmp_path / "url").write_text(url)
        settings = Settings(state=pipeline.case_settings(back).state.__class__(url=f"file:{tmp_path / 'url'}"))
        with case_state(back, settings) as state:
            Outbox(state).put([("soc", "notice", "b" * 32, 3)], CLOCK.now())
            assert len(Outbox(state).every()) == 2
        again = backup(back, settings, tmp_path / "again.tar", CLOCK)
        assert again.findings == 1
        with pytest.raises(InputError, match="holds"):
            restore(file, tmp_path / "third", url=url)
        assert not (tmp_path / "third").exists()
    restore(again.file, tmp_path / "home")
    with case_state(open_case(tmp_path / "home", CLOCK, create=False), Settings()) as state:
        assert len(Outbox(state).every()) == 2


def test_the_commands_say_what_they_wrote_and_check_it(case: Case, tmp_path: Path) -> None:
    runner = CliRunner()
    target = str(tmp_path / "b.tar")
    made = runner.invoke(cli, ["backup", target, "--case", str(case.folder)])
    assert (made.exit_code, "without private keys" in made.output) == (0, True), made.output
    assert "whole" in runner.invoke(cli, ["backup", "--verify", target]).output
    back = runner.invoke(cli, ["restore", target, "--case", str(tmp_path / "back")])
    assert (back.exit_code, "1 findings" in back.output) == (0, True), back.output
    same(case, open_case(tmp_path / "back", CLOCK, create=False))
