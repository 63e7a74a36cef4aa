"""What roles imply, and which no one person holds together."""

from __future__ import annotations

import pytest

from seawall.console.roles import APART, IMPLIES, MEANINGS, SCOPES, checked, effective, scoped
from seawall.errors import InputError


def test_every_role_reads_and_none_implies_what_it_is_kept_apart_from() -> None:
    assert set(IMPLIES) == set(MEANINGS) == set(SCOPES.values())
    for role in MEANINGS:
        assert "viewer" in effective([role])
        assert not any({one, other} <= effective([role]) for one, other in APART)


@pytest.mark.parametrize("pair", APART)
def test_whoever_gives_roles_holds_none_that_acts_or_sees(pair: tuple[str, str]) -> None:
    with pytest.raises(InputError, match="at once"):
        checked(pair)


def test_a_token_can_do_no_more_than_its_user_and_no_more_than_its_scopes() -> None:
    assert scoped(["responder"], ["read", "admin"]) == {"viewer"}
    assert scoped(["viewer"], SCOPES) == {"viewer"}
    assert scoped(["admin", "nonsense"], ["nonsense"]) == frozenset()


def test_a_role_nobody_knows_is_refused_by_name() -> None:
    with pytest.raises(InputError, match="no role is called root"):
        checked(["viewer", "root"])
