from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tools import sbom


def wheel(folder: Path, name: str, *headers: str) -> Path:
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            f"{name}-1.0.dist-info/METADATA",
            "\n".join(["Metadata-Version: 2.4", f"Name: {name}", "Version: 1.0", *headers]),
        )
    return path


def test_a_wheel_says_what_it_is(tmp_path: Path) -> None:
    read = sbom.read_wheel(
        wheel(
            tmp_path, "Some_Thing", "License-Expression: MIT", "Requires-Dist: b>=1", 'Requires-Dist: c; extra == "x"'
        )
    )
    assert (read.name, read.version, read.license, read.is_expression) == ("some-thing", "1.0", "MIT", True)
    assert read.requires == ("b",)
    assert read.purl == "pkg:pypi/some-thing@1.0"


def test_an_old_wheel_gives_its_licence_in_its_own_words(tmp_path: Path) -> None:
    read = sbom.read_wheel(wheel(tmp_path, "old", "Classifier: License :: OSI Approved :: BSD License"))
    assert (read.license, read.is_expression) == ("BSD License", False)


def test_what_is_no_wheel_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme", "")
    with pytest.raises(ValueError, match="not a wheel"):
        sbom.read_wheel(path)


def test_the_bill_names_every_part_its_digest_and_what_needs_it(tmp_path: Path) -> None:
    wheels = [sbom.read_wheel(wheel(tmp_path, "ours", "Requires-Dist: dep")), sbom.read_wheel(wheel(tmp_path, "dep"))]
    made = sbom.bill(wheels, root="ours")
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    assert made["metadata"]["component"]["name"] == "ours"
    assert [part["name"] for part in made["components"]] == ["dep"]
    assert made["components"][0]["hashes"][0]["content"] == wheels[1].sha256
    assert {"ref": "pkg:pypi/ours@1.0", "dependsOn": ["pkg:pypi/dep@1.0"]} in made["dependencies"]


def test_the_same_wheels_give_the_same_bill(tmp_path: Path) -> None:
    wheels = [sbom.read_wheel(wheel(tmp_path, "ours")), sbom.read_wheel(wheel(tmp_path, "dep"))]
    assert sbom.bill(wheels, root="ours") == sbom.bill(wheels[::-1], root="ours")
