"""A vault for one run: the same answers as a served one, another key each time, nothing afterwards."""

from __future__ import annotations

import pytest

from seawall.errors import InputError
from seawall.vault.client import Target
from seawall.vault.passing import PassingVault


def commitments(vault: PassingVault, *given: tuple[str, str]) -> list[str]:
    return [one["commitment"] for one in vault.commit("0" * 64, [Target(f, v, 0, 0, "") for f, v in given])]


def test_spellings_meet_and_runs_do_not() -> None:
    one, other = PassingVault("NZ"), PassingVault("NZ")
    tel, national = commitments(one, ("TELURI", "tel:+64-21-123-4567"), ("NationalE164", "021 123 4567"))
    assert tel == national
    assert commitments(other, ("TELURI", "tel:+64-21-123-4567")) != [tel]


def test_containment_is_answered_within_the_run() -> None:
    vault = PassingVault()
    wide, narrow, strange = commitments(
        vault, ("cidr", "192.0.2.0/24"), ("cidr", "192.0.2.7"), ("IMSI", "901700000000001")
    )
    assert vault.contains([(wide, narrow), (narrow, wide), (wide, strange), (wide, "x")]) == [True, False, False, None]
    vault.forget()
    assert vault.contains([(wide, narrow)]) == [None]


def test_it_shows_nothing() -> None:
    with pytest.raises(InputError):
        PassingVault().show({"commitment": "x"})
