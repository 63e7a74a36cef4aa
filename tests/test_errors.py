import pytest

from seawall.errors import InputError, PeerError, RuleError, SeawallError, UsageError


def test_an_error_says_where_and_how_to_mend_it() -> None:
    error = InputError("needs 12 octets, got 2", where="core.pcap:17", mend="check the snap length")
    assert str(error) == "core.pcap:17: needs 12 octets, got 2"
    assert error.mend == "check the snap length"


@pytest.mark.parametrize(
    ("kind", "code"), [(SeawallError, 1), (UsageError, 2), (InputError, 3), (RuleError, 4), (PeerError, 5)]
)
def test_each_kind_ends_with_its_own_exit_code(kind: type[SeawallError], code: int) -> None:
    assert kind("x").exit_code == code
