import pytest

from seawall.model.severity import Severity


def test_severities_stand_in_order() -> None:
    assert Severity.INFORMATIONAL < Severity.LOW < Severity.MEDIUM < Severity.HIGH < Severity.CRITICAL


@pytest.mark.parametrize("severity", Severity)
def test_each_word_leads_back_to_its_severity(severity: Severity) -> None:
    assert Severity.from_word(f" {severity.word.upper()} ") is severity


def test_an_unknown_word_names_the_five() -> None:
    with pytest.raises(ValueError, match="informational, low, medium, high, critical"):
        Severity.from_word("urgent")
