"""The Phish Scale, cell by cell and boundary by boundary, as NIST TN 2276 prints it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import UsageError
from seawall.training import scale
from seawall.training.cues import BY_ID, CUES

CELLS = """
few  strong very difficult
few  medium very difficult
few  weak   moderately difficult
some strong very difficult
some medium moderately difficult
some weak   moderately to least difficult
many strong moderately difficult
many medium moderately difficult
many weak   least difficult
"""
A_TOTAL = {"few": (1, 8), "some": (9, 14), "many": (15, 40)}
ELEMENTS = {  # lowest and highest score of each category, even: all elements are
    "weak": ([0, 0, 0, 0, 8], [4, 2, 2, 2, 0]),
    "medium": ([4, 4, 2, 2, 0], [8, 4, 2, 2, 0]),
    "strong": ([8, 4, 4, 2, 0], [8, 8, 8, 8, 0]),
}


@pytest.mark.parametrize("cell", CELLS.strip().splitlines(), ids=lambda c: " ".join(c.split()[:2]))
def test_every_cell_holds_what_the_publication_prints_at_both_its_ends(cell: str) -> None:
    cues, fit, *words = cell.split()
    for total in A_TOTAL[cues]:
        for elements in ELEMENTS[fit]:
            rated = scale.rate({"urgency": total}, elements)
            assert (rated.amount, rated.alignment, rated.difficulty) == (cues, fit, " ".join(words))


@pytest.mark.parametrize(
    ("total", "category"),
    [(0, "few"), (1, "few"), (8, "few"), (9, "some"), (14, "some"), (15, "many"), (16, "many"), (10_000, "many")],
)
def test_the_boundaries_between_few_some_and_many(total: int, category: str) -> None:
    assert scale.amount(total) == category


@pytest.mark.parametrize(
    ("points", "category"),
    [(-8, "weak"), (0, "weak"), (10, "weak"), (11, "medium"), (17, "medium"), (18, "strong"), (32, "strong")],
)
def test_the_boundaries_between_weak_medium_and_strong(points: int, category: str) -> None:
    assert scale.alignment(points) == category


def test_the_fifth_element_is_taken_away() -> None:
    assert scale.score([8, 8, 8, 8, 0]) == 32
    assert scale.score([0, 0, 0, 0, 8]) == -8
    assert scale.score([6, 4, 2, 4, 6]) == 10


def test_no_cue_at_all_is_said_to_be_off_the_scale() -> None:
    rated = scale.rate({}, [0, 0, 0, 0, 0])
    assert rated.amount == "few"
    assert "off the scale" in rated.notes[0]
    assert scale.rate({"urgency": 1}, [0, 0, 0, 0, 0]).notes == ()


@pytest.mark.parametrize(
    ("counts", "elements", "words"),
    [
        ({"urgency": -1}, [0] * 5, "no count"),
        ({"urgency": True}, [0] * 5, "no count"),
        ({"hurry": 1}, [0] * 5, "no cue is called"),
        ({}, [0] * 4, "five elements"),
        ({}, [1, 0, 0, 0, 0], "element 1"),
        ({}, [0, 0, 0, 0, 10], "element 5"),
    ],
)
def test_what_the_scale_does_not_know_is_refused_by_name(counts, elements, words) -> None:
    with pytest.raises(UsageError, match=words):
        scale.rate(counts, elements)


def test_the_publications_names_and_our_ids_mean_the_same_cue() -> None:
    assert scale.rate({"sense of urgency": 2, "urgency": 1}, [0] * 5).counts == {"urgency": 3}
    assert len({cue.name for cue in CUES}) == len(BY_ID) == len(CUES) == 23


def test_a_rating_is_a_proposal_until_a_person_confirms_it() -> None:
    assert scale.rate({"urgency": 1}, [0] * 5).status == "proposal"
    assert scale.rate({"urgency": 1}, [0] * 5, confirmed_by="  ").status == "proposal"
    assert scale.rate({"urgency": 1}, [0] * 5, confirmed_by="a.lind").status == "confirmed"


@given(st.dictionaries(st.sampled_from(sorted(BY_ID)), st.integers(0, 30)), st.integers(0, 4), st.data())
def test_a_better_fit_or_fewer_cues_never_make_a_message_easier(counts, which, data) -> None:
    elements = data.draw(st.lists(st.sampled_from([0, 2, 4, 6]), min_size=5, max_size=5))
    before = scale.rate(counts, elements).difficulty.level
    elements[which] += 2
    after = scale.rate(counts, elements).difficulty.level
    assert after <= before if which == 4 else after >= before
    fewer = {cue: count // 2 for cue, count in counts.items()}
    assert scale.rate(fewer, elements).difficulty.level >= after


def test_agreement_of_two_raters_is_beyond_what_chance_gives() -> None:
    assert scale.kappa(["few", "many"] * 5, ["few", "many"] * 5) == 1
    assert scale.kappa(["few", "few", "many", "many"], ["few", "many", "few", "many"]) == 0
    assert scale.kappa([], []) is None
    assert scale.kappa(["few"], ["few"]) is None
    with pytest.raises(UsageError, match="judged"):
        scale.kappa(["few"], [])
