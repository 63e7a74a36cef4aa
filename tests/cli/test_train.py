"""`seawall train` as people meet it."""

from __future__ import annotations

import json
from pathlib import Path

from seawall.training.library import load
from tests.cli.conftest import Seawall


def test_lessons_are_listed_for_a_role_with_all_a_program_needs(seawall: Seawall) -> None:
    ran = seawall("train", "list", "--role", "retail", "--format", "jsonl")
    assert ran.code == 0, ran.err
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert "sim-swap-counter" in {row["id"] for row in rows}
    assert all({"retail", "everybody"} & set(row["roles"]) for row in rows)
    assert seawall("train", "list", "--role", "boss").code == 2


def answers(verdict: str = "phish") -> str:
    """A line for everything the lesson may ask, in the order it asks: the terminal takes values as well as numbers."""
    from seawall.training import choose

    lines = []
    for step in choose.lesson_steps(load().lesson("sim-swap-counter")):
        lines += {"read": [""], "practice": [verdict, "urgency", "3"], "question": ["1"]}[step.kind]
    return "\n".join(lines) + "\n"


def test_a_lesson_is_played_through_a_pipe_and_progress_knows_it(seawall: Seawall, monkeypatch) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO(answers()))
    assert seawall("train", "assign", "sim-swap-counter", "--to", "ana").code == 0
    ran = seawall("train", "play", "--as", "ana")
    assert ran.code == 0, ran.err
    assert "+ Found: sense of urgency" in ran.out
    assert "Not so. It is: Genuine (wanted)." in ran.out
    assert "comes back" in ran.out
    mine = json.loads(seawall("train", "progress", "--as", "ana", "--format", "jsonl").out)
    assert (mine["answers"], mine["assigned"]) == (5, [])
    assert mine["discrimination"]["false_alarms"] == 1
    exported = seawall("train", "export", "--as", "ana", "--format", "csv").out.splitlines()
    assert len(exported) == 6
    nobody = seawall("train", "progress", "--groups", "--format", "jsonl")
    assert nobody.out == ""
    assert "10 people" in nobody.err
    assert seawall("train", "forget", "ana").code == 0
    assert seawall("train", "export", "--as", "ana").out == ""


def test_what_was_left_off_goes_on_where_it_was(seawall: Seawall, monkeypatch) -> None:
    import io

    first, rest = answers().split("\n\n", 1)
    monkeypatch.setattr("sys.stdin", io.StringIO(first + "\nq\n"))
    ran = seawall("train", "play", "sim-swap-counter", "--as", "ana")
    assert "Left off after 1 of 6" in ran.err
    monkeypatch.setattr("sys.stdin", io.StringIO("\n" + rest))
    ran = seawall("train", "play", "--as", "ana")
    assert (ran.code, "2/6" in ran.out, "1/6" in ran.out) == (0, True, False)


def test_an_answer_nobody_can_understand_is_named(seawall: Seawall, monkeypatch) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO("maybe\n"))
    ran = seawall("train", "play", "sim-swap-counter", "--as", "ana")
    assert (ran.code, "not understood" in ran.err) == (2, True)


def test_a_lesson_of_ones_own_lies_over_ours_and_a_broken_one_names_its_line(seawall: Seawall, tmp_path: Path) -> None:
    assert seawall("init").code == 0
    own = tmp_path / "case" / "lessons"
    own.mkdir()
    (own / "x.md").write_text("+++\nid = 'x'\n+++\n")
    ran = seawall("train", "list")
    assert (ran.code, "x.md" in ran.err) == (3, True)
