from __future__ import annotations

from pathlib import Path

import pytest

from tools import pins

HASH = "--hash=sha256:" + "0" * 64


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "pyproject.toml").write_text('[project]\ndependencies = ["alpha>=2"]\n')
    (tmp_path / "requirements/build.in").write_text("beta>=1  # why\n")
    (tmp_path / "requirements/dev.in").write_text("gamma>=1\n")
    (tmp_path / "requirements/extras.in").write_text("zeta>=1\n")
    (tmp_path / "requirements/extras.txt").write_text(f"zeta==1.0 \\\n    {HASH}\n")
    (tmp_path / "requirements/spark.in").write_text("epsilon>=1\n")
    (tmp_path / "requirements/spark.txt").write_text(f"epsilon==1.0 \\\n    {HASH}\n")
    (tmp_path / "requirements/core.txt").write_text(f"alpha==2.1 \\\n    {HASH}\n")
    (tmp_path / "requirements/build.txt").write_text(f"beta==1.0 \\\n    {HASH}\n")
    (tmp_path / "requirements/dev.txt").write_text(f"alpha==2.1 \\\n    {HASH}\ngamma==1.4 \\\n    {HASH}\n")
    (tmp_path / "requirements/sdist-allowed.txt").write_text("# none\n")
    return tmp_path


def test_our_own_pins_fit() -> None:
    assert list(pins.complaints(Path(pins.__file__).parents[1])) == []


def test_pins_that_fit_raise_no_complaint(project: Path) -> None:
    assert list(pins.complaints(project)) == []


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        pytest.param("requirements/core.txt", f"alpha==1.0 \\\n    {HASH}\n", "does not fit >=2", id="too-old"),
        pytest.param("requirements/core.txt", "alpha==2.1\n", "has no hash", id="no-hash"),
        pytest.param("requirements/core.txt", f"other==2 \\\n    {HASH}\n", "alpha is not pinned", id="not-pinned"),
        pytest.param("requirements/dev.in", "gamma\n", "needs a lower bound", id="no-lower-bound"),
        pytest.param("requirements/sdist-allowed.txt", "delta\n", "not pinned anywhere", id="stray-exception"),
        pytest.param(
            "requirements/dev.txt", f"alpha==2.2 \\\n {HASH}\ngamma==1 \\\n {HASH}\n", "differs", id="two-versions"
        ),
        pytest.param("requirements/dev.txt", f"--index-url x\ngamma==1 \\\n {HASH}\n", "names an address", id="index"),
        pytest.param("uv.lock", "", "remove it", id="lock-file"),
    ],
)
def test_what_is_wrong_is_said(project: Path, file: str, text: str, complaint: str) -> None:
    (project / file).write_text(text)
    assert any(complaint in line for line in pins.complaints(project))
