from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.vault.identifiers.normalise import normalise
from seawall.vault.identifiers.numbers import ancestors, check_digit, number_blocks, region_of


@pytest.mark.parametrize(
    ("form", "value", "country", "canonical"),
    [
        ("NationalE164", "(212) 555-0100", "US", "+12125550100"),
        ("NationalE164", "1 212 555 0100", "1", "+12125550100"),
        ("NationalE164", "011 64 21 809 6792", "US", "+64218096792"),
        ("NationalE164", "8 912 345-67-89", "7", "+79123456789"),
        ("NationalE164", "02 1234 5678", "IT", "+390212345678"),  # the zero belongs to the number
        ("NationalE164", "06 30 123 4567", "HU", "+36301234567"),
        ("NationalE164", "0015 64 21 8096792", "AU", "+64218096792"),
        ("InternationalE164", "390212345678", "", "+390212345678"),
        ("TELURI", "tel:7042;phone-context=+64218096", "", "+642180967042"),
        ("InternationalE164", "+999123456789", "", "+999123456789"),  # a code no country has
        ("InternationalE164", "64218096700-64218096799", "", "+642180967xx"),
        ("InternationalE164", "64218096700..64218096709", "", "+6421809670x"),
        ("InternationalE164", "+64218096*", "", "+64218096*"),
        ("NationalE164", "0218096xxx", "NZ", "+64218096xxx"),
        ("InternationalE164", "64218096705-64218096712", "", "+64218096705-+64218096712"),
    ],
)
def test_a_number_in_its_countrys_writing(form: str, value: str, country: str, canonical: str) -> None:
    found = normalise(form, value, country)
    assert (found.kind, found.value, found.why) == ("msisdn", canonical, "")


@pytest.mark.parametrize(
    ("form", "value", "country", "why"),
    [
        ("NationalE164", "0218096792", "", "no country is known"),
        ("InternationalE164", "+6421809679212345", "", "not an E.164 number"),
        ("InternationalE164", "call me", "", "not a number"),
        ("InternationalE164", "64218096799-64218096700", "", "before its start"),
        ("InternationalE164", "*", "", "too few digits"),
        ("IMSI", "53001", "", "6 to 15"),
        ("IMEI", "490154203237517", "", "check digit"),
        ("IMEI", "49015420323751", "", ""),
        ("IMEI", "490154203237518", "", ""),
    ],
)
def test_what_is_no_number_says_why(form: str, value: str, country: str, why: str) -> None:
    found = normalise(form, value, country)
    assert why in found.why
    assert found.normal is (not why)


def test_the_check_digit_is_the_one_of_the_standard() -> None:
    assert check_digit("49015420323751") == "8"


@given(st.integers(0, 10**6), st.integers(0, 10**4))
def test_blocks_cover_a_range_exactly(first: int, more: int) -> None:
    low, high = f"+{first:09d}", f"+{first + more:09d}"
    covered = [
        number
        for block in number_blocks(low, high)
        for number in range(int(block.replace("x", "0")), int(block.replace("x", "9")) + 1)
    ]
    assert covered == list(range(first, first + more + 1))


def test_wider_blocks_are_those_of_each_length() -> None:
    assert "+6421809679x" in ancestors("+64218096792")
    assert "+6421*" in ancestors("+64218096792")
    assert ancestors("+64*") == ["+6*"]


@pytest.mark.parametrize(
    ("country", "region"),
    [("NZ", "NZ"), ("64", "NZ"), ("+64", "NZ"), ("0064", "NZ"), ("nz", "NZ"), ("", None), ("99999", None)],
)
def test_a_country_by_its_code_or_its_calling_code(country: str, region: str | None) -> None:
    assert region_of(country) == region
