"""What belongs to the intercept case alone, and the one sentence that may cross."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from seawall.errors import InputError
from seawall.model.compartment import TAG, may_leave, notice_finding, refuse_compartmented
from seawall.model.finding import finding_to_dict

AT = datetime(2026, 3, 18, 10, tzinfo=UTC)


def test_a_notice_says_one_sentence_and_nothing_of_the_finding() -> None:
    said = finding_to_dict(notice_finding("a.lind", "0" * 32, AT))
    assert said["why"] == "compartmented finding, call officer a.lind"
    assert (said["entities"], said["details"], said["attack"], said["tags"]) == ([], {}, [], [])
    assert (said["first"], said["last"], said["count"]) == ("2026-03-18T10:00:00.000000Z",) * 2 + (1,)


def test_a_compartmented_finding_does_not_leave_and_the_refusal_is_silent_about_it() -> None:
    notice = notice_finding("a.lind", "0" * 32, AT)
    secret = replace(notice, tags=(TAG,), detector="TAP_WITHOUT_WARRANT", subject="li-9")
    assert may_leave([secret, notice]) == [notice]
    with pytest.raises(InputError) as refused:
        refuse_compartmented(secret)
    assert not any(word in f"{refused.value} {refused.value.mend}" for word in ("TAP_WITHOUT", "li-9"))
