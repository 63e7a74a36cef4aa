from __future__ import annotations

from seawall.platforms.config.secrets import masked


def test_of_a_secret_only_its_form_and_whether_all_know_it_stay() -> None:
    line, (one,) = masked("enable secret 5 $1$abcd$efghijkl")
    assert line == "enable secret 5 <masked>"
    assert (one.form, one.known) == ("$1$", None)
    assert "efgh" not in repr(one)
    (public,) = masked("snmp-server community public RO")[1]
    assert public.known == "public"
    (again,) = masked("snmp-server community public RW 10")[1]
    assert again.fingerprint == public.fingerprint != one.fingerprint
