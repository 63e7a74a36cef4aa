from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources.scrubbing import MASK, Scrub
from tests.vault.spellings import MAKERS

NOTHING = Scrub([])


@pytest.mark.parametrize(
    "text",
    ["IsTest", "renewed twice", "court of 2026-03-18", "2026-03-18T10:00:00Z", "29f28e1c-f230-486a-a860-f5a784ab9172",
     "Det. Sgt. Moana Reid", "section 12(3)", "W-NZ-0051", "amf-1, smf-1", "room 4711", "checked 2026-03-18 by phone"],
)  # fmt: skip
def test_what_is_no_identifier_stays(text: str) -> None:
    assert NOTHING.free(text) == text


@pytest.mark.parametrize("kind", MAKERS)
@given(seed=st.integers(0, 2**32))
def test_an_identifier_in_free_text_is_masked_in_every_spelling(kind: str, seed: int) -> None:
    canonical, spelled = MAKERS[kind](random.Random(seed))
    for _, value in spelled:
        made = NOTHING.free(f"also reached at {value} (home)")
        assert made != f"also reached at {value} (home)"
        assert MASK in made
        core = canonical.partition("/")[0]
        assert core not in made.lower()


@given(seed=st.integers(0, 2**32))
def test_a_files_own_targets_are_known_again_in_any_field(seed: int) -> None:
    _, spelled = MAKERS["msisdn"](random.Random(seed))
    scrub = Scrub([spelled[0][1]])
    for _, value in spelled[:14]:
        assert MASK in scrub.known(f"NZ {value}"), value
    assert scrub.known("NZ1051") == "NZ1051"
    assert scrub.known("29f28e1c-f230-486a-a860-f5a784ab9172") == "29f28e1c-f230-486a-a860-f5a784ab9172"


def test_a_value_is_scrubbed_at_every_depth_and_in_its_names() -> None:
    value = {"a": ["kim@mail.example.net", {"x 64218096792": 64218096792}], "b": True, "c": None, "d": 12.5, "e": 4711}
    made = NOTHING.value(value)
    assert "8096792" not in str(made)
    assert "kim" not in str(made)
    assert (made["b"], made["c"], made["d"], made["e"]) == (True, None, 12.5, 4711)


@given(st.text(max_size=80))
def test_any_text_can_be_scrubbed_and_written(text: str) -> None:
    Scrub([text, "64218096792"]).free(text + "\ud800").encode()
