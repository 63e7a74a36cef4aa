from __future__ import annotations

from pathlib import Path

from tools.reference import __main__ as reference


def test_pages_just_written_are_what_the_code_says(tmp_path: Path) -> None:
    reference.write(tmp_path)
    assert reference.check(tmp_path) == []


def test_an_edited_a_missing_and_a_stray_page_are_named(tmp_path: Path) -> None:
    reference.write(tmp_path)
    (tmp_path / "events.md").write_text("by hand")
    (tmp_path / "site.md").unlink()
    (tmp_path / "old.md").write_text("of a page that is gone")
    assert reference.check(tmp_path) == ["events", "site", "old"]


def test_every_page_in_the_list_has_a_page_in_the_documentation() -> None:
    below = {name for name in reference.PAGES if not name.startswith("../")}
    assert {path.stem for path in reference.FOLDER.glob("*.md")} == {*below, "index"}
    assert all((reference.FOLDER / f"{name}.md").is_file() for name in reference.PAGES)
