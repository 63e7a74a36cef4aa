"""What a settings file may say of a TAXII server, and which slips are named before it starts."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from seawall.errors import InputError
from seawall.model.settings import load_settings
from seawall.model.taxii import TaxiiCollection, TaxiiRoot, TaxiiSettings, TaxiiUser, address_of, check

ID = "5b2c1f5e-6d0a-4b7e-9a52-0d6f0f4c8a11"
USER = TaxiiUser("anna", token_hash="0" * 64)
GOOD = TaxiiSettings(users=(USER,), collections=(TaxiiCollection(ID, "One", read=("anna",), write=("*",)),))


def test_the_example_is_sound_and_serves_three_kinds_of_collection(tmp_path: Path) -> None:
    path = tmp_path / "taxii.toml"
    path.write_bytes(resources.files("seawall").joinpath("content", "examples", "taxii.toml").read_bytes())
    taxii = check(load_settings(path).taxii, where="example")
    rights = {("analyst" in one.read, "analyst" in one.write) for one in taxii.collections}
    assert rights == {(True, True), (True, False), (False, True)}
    assert address_of(taxii, where="example") == ("127.0.0.1", 6100)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"roots": ()}, "roots: there is none"),
        ({"roots": (TaxiiRoot("a/b"),)}, "'a/b'"),
        ({"roots": (TaxiiRoot("taxii2"),)}, "'taxii2'"),
        ({"users": (USER, USER)}, "'anna' stands 2 times"),
        ({"users": (TaxiiUser("anna"),)}, "no way to log in"),
        ({"users": (TaxiiUser("anna", password="secret"),)}, "in clear"),
        ({"users": (TaxiiUser("anna", password_hash="md5"),)}, "none of ours"),
        ({"users": ()}, "no user is called 'anna'"),
        ({"collections": (TaxiiCollection("one", "One"),)}, "no random UUID"),
        ({"collections": (TaxiiCollection(ID, "One", root="two"),)}, "no root is called 'two'"),
        ({"collections": (TaxiiCollection(ID, "One", alias=ID),)}, "stands 2 times"),
        ({"page_max": 0}, "page_max"),
    ],
)
def test_a_slip_is_named(changes: dict[str, Any], named: str) -> None:
    assert check(GOOD, where="x") == GOOD
    with pytest.raises(InputError, match=named):
        check(replace(GOOD, **changes), where="x")


def test_passwords_do_not_cross_a_network_in_clear() -> None:
    with pytest.raises(InputError, match="in clear"):
        address_of(replace(GOOD, listen="0.0.0.0:6100"), where="x")
    assert address_of(replace(GOOD, listen="0.0.0.0:6100", behind_proxy=True), where="x") == ("0.0.0.0", 6100)
    assert address_of(replace(GOOD, listen="[::1]:0"), where="x") == ("::1", 0)
    with pytest.raises(InputError, match="no address:port"):
        address_of(replace(GOOD, listen="here"), where="x")


def test_files_are_found_beside_the_settings(tmp_path: Path) -> None:
    path = tmp_path / "seawall.toml"
    path.write_text('[taxii]\ncertificate = "c.pem"\n[[taxii.users]]\nname = "a"\npassword = "file:a.pw"\n')
    taxii = load_settings(path).taxii
    assert taxii.certificate == str(tmp_path / "c.pem")
    assert taxii.users[0].password == f"file:{tmp_path / 'a.pw'}"
