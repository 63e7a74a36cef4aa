"""An exercise's file is read whole or refused; what should be thought over is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from seawall.errors import InputError
from seawall.training.campaign import doubts, read_campaign

FILE = """
id = "autumn-2026"
title = "Autumn"
everybody = true
agreed_with = "works council, 3 November"

[[message]]
id = "vpn"
sender = "Desk <desk@carrier.example>"
subject = "Your VPN ends"
body = "Renew: {link}"
cues = { "sense of urgency" = 2, sender = 1 }
elements = [6, 6, 2, 4, 2]
confirmed_by = "a.lind"

[[message]]
id = "menu"
lure = false
sender = "Canteen <canteen@carrier.example>"
subject = "Menu"
body = "Soup."
"""


def test_a_fair_exercise_leaves_no_doubt(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(FILE)
    assert doubts(read_campaign(path)) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Your VPN ends", "Your bonus", "plays with 'bonus'"),
        ('confirmed_by = "a.lind"\n', "", "rated by nobody"),
        ("elements = [6, 6, 2, 4, 2]\n", "", "not rated"),
        ("lure = false\n", "", "nothing will be known of false alarms"),
        ('agreed_with = "works council, 3 November"\n', "", "agreed_with is empty"),
    ],
)
def test_what_to_think_over_is_said(tmp_path: Path, old: str, new: str, words: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(FILE.replace(old, new))
    assert any(words in doubt for doubt in doubts(read_campaign(path)))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('id = "vpn"', 'id = "../vpn"', "small letters"),
        ('id = "menu"', 'id = "vpn"', "each with its own id"),
        ("everybody = true", "everybody = false", "to nobody"),
        ("elements = [6, 6, 2, 4, 2]", "elements = [6, 6, 2, 4]", "five elements"),
        ("sense of urgency", "hurry", "no cue is called"),
        ("Your VPN ends", "Your\\nBcc: x", "subject"),
        ('subject = "Menu"', 'subject = "Menu"\ncolour = 1', "colour"),
        ("everybody = true", "everybody = true\ndays = 0", "days"),
    ],
)
def test_a_file_that_is_no_exercise_says_why(tmp_path: Path, old: str, new: str, words: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(FILE.replace(old, new))
    with pytest.raises(InputError) as caught:
        read_campaign(path)
    assert words in f"{caught.value} {caught.value.mend}"
