"""Rule files come out of folders and archives whatever is wrong with their neighbours, and nothing is unpacked."""

from __future__ import annotations

import io
import lzma
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from seawall.detect.sigma import archive
from seawall.detect.sigma.archive import MAX_RULE_BYTES, RuleFile, rule_files
from seawall.errors import RuleError


def zipped(path: Path, *names: str, how: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", how) as file:
        for name in names:
            file.writestr(name, f"title: {name}\n" * 40)
    return path


def origins(path: Path) -> list[str | None]:
    return [file.origin if isinstance(file, RuleFile) else file.where for file in rule_files(path)]


def test_a_folder_is_read_in_order_of_names_and_only_its_yaml(tmp_path: Path) -> None:
    for name in ("b/2.yml", "b/1.YAML", "a/9.yml", "a/readme.md", "0.yml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("title: x\n")
    assert origins(tmp_path) == ["0.yml", "a/9.yml", "b/1.YAML", "b/2.yml"]


def test_a_link_that_leads_round_in_a_circle_ends(tmp_path: Path) -> None:
    (tmp_path / "one.yml").write_text("title: x\n")
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    assert origins(tmp_path) == ["one.yml"]


def test_a_pipe_and_a_dangling_link_are_refused_without_waiting_and_the_rest_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.yml")
    (tmp_path / "b.yml").symlink_to(tmp_path / "gone.yml")
    (tmp_path / "c.yml").write_text("title: x\n")
    pipe, dangling, good = rule_files(tmp_path)
    assert isinstance(pipe, RuleError)
    assert isinstance(dangling, RuleError)
    assert (pipe.where, dangling.where) == ("a.yml", "b.yml")
    assert isinstance(good, RuleFile)


def test_a_rule_of_the_greatest_size_is_read_and_one_byte_more_is_not(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes(b"#" * MAX_RULE_BYTES)
    (tmp_path / "b.yml").write_bytes(b"#" * (MAX_RULE_BYTES + 1))
    fits, too_large = rule_files(tmp_path)
    assert isinstance(fits, RuleFile)
    assert isinstance(too_large, RuleError)
    assert too_large.where == "b.yml:1"
    assert "split" in (too_large.mend or "")


def test_names_that_climb_out_of_an_archive_are_only_labels(tmp_path: Path) -> None:
    inner = tmp_path / "in"
    inner.mkdir()
    path = zipped(inner / "rules.zip", "../../climber.yml", "/etc/absolute.yml")
    assert origins(path) == ["../../climber.yml", "/etc/absolute.yml"]
    assert [found.name for found in tmp_path.rglob("*")] == ["in", "rules.zip"]


def test_links_and_devices_inside_a_tar_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "rules.tar.gz"
    with tarfile.open(path, "w:gz") as file:
        link = tarfile.TarInfo("link.yml")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        file.addfile(link)
        good = tarfile.TarInfo("good.yml")
        good.size = 9
        file.addfile(good, io.BytesIO(b"title: x\n"))
    assert origins(path) == ["good.yml"]


def test_damage_inside_an_archive_is_an_error_that_names_the_archive(tmp_path: Path) -> None:
    path = zipped(tmp_path / "rules.zip", "a.yml", how=zipfile.ZIP_LZMA)
    raw = bytearray(path.read_bytes())
    raw[45:60] = b"\xff" * 15  # inside the LZMA stream, which Python answers with an error of its own family
    path.write_bytes(raw)
    with pytest.raises(RuleError) as caught:
        origins(path)
    assert caught.value.where == str(path)
    assert isinstance(caught.value.__cause__, lzma.LZMAError)


def test_a_member_name_that_is_no_utf8_is_an_error_that_names_the_archive(tmp_path: Path) -> None:
    path = zipped(tmp_path / "rules.zip", "\u00e9.yml")
    path.write_bytes(path.read_bytes().replace("\u00e9".encode(), b"\xc3\xc3"))
    with pytest.raises(RuleError, match="not an archive that can be read") as caught:
        origins(path)
    assert caught.value.mend


def test_an_archive_with_too_many_rules_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_FILES", 2)
    files = rule_files(zipped(tmp_path / "rules.zip", "a.yml", "b.yml", "c.yml"))
    assert next(files)
    assert next(files)
    with pytest.raises(RuleError, match="more than 2 rule files"):
        next(files)
