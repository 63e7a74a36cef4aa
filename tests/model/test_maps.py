from __future__ import annotations

from pathlib import Path

import pytest

from seawall.errors import InputError
from seawall.model.maps import load_maps

GOOD = """\
[[map]]
name = "first"
has = ["src"]
[map.time]
column = ["day", "clock"]
zone = "Europe/Berlin"
[map.fields]
src_ip = "src"

[[map]]
name = "second"
kind = "flow_records"
files = ["*.csv"]
[map.fields]
src_ip = ["a", "b"]
[map.constants]
proto = "tcp"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "map.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_holds_mappings_in_order(tmp_path: Path) -> None:
    first, second = load_maps([write(tmp_path, GOOD)])
    assert (first.name, first.time.columns, first.kind) == ("first", ("day", "clock"), "mapped")
    assert (second.fields, second.constants) == ({"src_ip": ("a", "b")}, {"proto": "tcp"})


def test_a_mapping_is_for_files_by_path_and_by_columns(tmp_path: Path) -> None:
    first, second = load_maps([write(tmp_path, GOOD)])
    assert first.is_for("a/b.json", ["src", "x"])
    assert not first.is_for("a/b.json", ["x"])
    assert second.is_for("x.zip!/a/b.csv", ["x"])
    assert not second.is_for("a/b.json", ["x"])
    assert not second.is_for("a/b.csv", None)


@pytest.mark.parametrize(
    ("old", "new", "line", "what", "mend"),
    [
        ('src_ip = "src"', 'src_ipp = "src"\nsrc_ip = "src"', 0, "", ""),  # an open-ended kind takes any name
        ('kind = "flow_records"', 'kind = "flow_record"', 12, "no kind called 'flow_record'", "flow_records"),
        ('kind = "flow_records"', 'kind = "tacacs"', 17, "proto is no column of tacacs", "events.md"),
        ('src_ip = "src"', 'time = "src"', 8, "time is set by Seawall", "map.time"),
        ('zone = "Europe/Berlin"', 'zone = "Mars/Olympus"', 6, "no zone is called", "Europe/Berlin"),
        ('has = ["src"]', "", 2, "does not say which files", "files"),
        ('name = "second"', 'name = "second"\nform = "xml"', 12, "no form is called", "csv or json"),
        ('name = "second"', 'name = "second"\ndelimiter = "::"', 12, "one character", ";"),
        ("[map.constants]\n", '[map.values.user]\nx = "y"\n[map.constants]\n', 16, "does not map", "user"),
        ('src_ip = "src"', 'src_ip = "src', 8, "", "TOML"),
        ('name = "first"', 'name = "first"\ncolour = "red"', 0, "colour", ""),
    ],
)
def test_a_mistake_is_named_with_its_line_and_mend(
    old: str, new: str, line: int, what: str, mend: str, tmp_path: Path
) -> None:
    path = write(tmp_path, GOOD.replace(old, new, 1))
    if not what and not mend:
        assert load_maps([path])
        return
    with pytest.raises(InputError) as caught:
        load_maps([path])
    assert what in caught.value.what
    assert mend in (caught.value.mend or "")
    if line and "TOML" not in mend:
        assert caught.value.where == f"{path}:{line}"


def test_an_empty_file_and_a_missing_one_say_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no \\[\\[map\\]\\]"):
        load_maps([write(tmp_path, "")])
    with pytest.raises(InputError):
        load_maps([tmp_path / "none.toml"])
