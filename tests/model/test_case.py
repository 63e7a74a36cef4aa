from datetime import UTC, datetime
from pathlib import Path

import pytest

from seawall.errors import InputError
from seawall.model.case import is_case, open_case
from seawall.model.clock import FixedClock

CLOCK = FixedClock(datetime(2026, 11, 22, tzinfo=UTC))


def test_a_case_keeps_its_uuid(tmp_path: Path) -> None:
    made = open_case(tmp_path / "case", CLOCK)
    assert is_case(made.folder)
    assert open_case(tmp_path / "case", CLOCK) == made


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "router.log").write_text("evidence")
    with pytest.raises(InputError, match="holds other files"):
        open_case(tmp_path, CLOCK)
    assert [p.name for p in tmp_path.iterdir()] == ["router.log"]


def test_a_case_that_must_exist_says_how_to_name_it(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        open_case(tmp_path / "none", CLOCK, create=False)
    assert "--case" in (caught.value.mend or "")


def test_a_torn_marker_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / ".seawall-case").write_text("{")
    with pytest.raises(InputError, match="cannot be opened"):
        open_case(tmp_path, CLOCK)


@pytest.mark.parametrize("content", ["", "{}", '{"uuid": "not one"}', "[]"], ids=["empty", "object", "no-uuid", "list"])
def test_a_file_of_the_markers_name_alone_hides_no_folder(tmp_path: Path, content: str) -> None:
    (tmp_path / ".seawall-case").write_text(content)
    assert not is_case(tmp_path)
