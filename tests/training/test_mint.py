"""Practice made of reported mail names nobody and leads nowhere."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import InputError
from seawall.training.lesson_file import parse_lesson
from seawall.training.mint import mint
from seawall.training.propose import Read, read_message

RAW = """\
From: "IT Support" <it@carrler.example.net>
Reply-To: b.bad@mail.evil-host.com
To: Ana Lind <ana.lind@carrier.example.net>
Subject: Ana, your invoice 4417992 is due
Content-Type: text/plain; charset=utf-8

Dear Ana Lind,

your account will be suspended today. Verify your account at https://login.evil-host.com/u?x=ana.lind@carrier.example.net
or call Ana's desk, +49 170 1234567. Server 10.20.30.40, 2a02:8100::17. Card 4111 1111 1111 1111. See plan.pdf.
[[not a mark|here]]
Regards, Real Bank
"""


def made(raw: str = RAW, **more) -> str:
    told = {"id_": "x", "title": "X", "verdict": "phish", "roles": ["noc"], "topic": "t", "elements": (6, 4, 2, 4, 0)}
    return mint(read_message(raw.encode(), where="x"), own=("carrier.example.net",), **{**told, **more})  # type: ignore[arg-type]


def test_no_identifier_of_anybody_is_left_and_the_story_still_holds() -> None:
    text = made(replacements={"Real Bank": "Harbour Bank"})
    for secret in ("Ana", "Lind", "lind", "evil", "carrier.example.net", "carrler", "4417992", "1234567", "4111",
                   "10.20.30.40", "2a02", "Real Bank", "u?x="):  # fmt: skip
        assert secret not in text, secret
    lesson = parse_lesson(text, where="x")
    (item,) = lesson.practice
    assert {"urgency", "threat", "process"} <= set(item.cues)
    assert '"IT Support"' in item.text
    assert "plan.pdf" in item.text
    own, fake = re.findall(r"@([\w.-]+)", item.text.split("\nTo: ")[1])[0], re.findall(r"@([\w.-]+)", item.text)[0]
    assert own == "carrier.example"
    assert fake.startswith("carrier-")


def test_a_lure_needs_its_alignment_and_a_message_its_words() -> None:
    with pytest.raises(InputError, match="premise alignment"):
        made(elements=())
    with pytest.raises(InputError, match="id"):
        made(id_="../../x")
    with pytest.raises(InputError, match="no words"):
        mint(Read("\x00"), id_="x", title="x", verdict="wanted", roles=["noc"], topic="t")


@given(st.text(max_size=200), st.text(max_size=30))
def test_whatever_is_in_the_message_what_is_made_is_a_lesson(text: str, title: str) -> None:
    read = Read(f"Subject\nDear ana@corp.test, pay today {text}", (), {"from": text, "subject": text})
    lesson = parse_lesson(
        mint(read, id_="x", title=f"t{title}", verdict="phish", roles=["noc"], topic="t", elements=(2, 2, 2, 2, 0)),
        where="x",
    )
    assert "corp" not in lesson.practice[0].text
