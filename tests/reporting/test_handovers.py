from __future__ import annotations

from datetime import timedelta

from seawall.model.custody import CustodyRecord, Said
from seawall.reporting.handovers import KEPT, gather, sentences
from tests.incidents.stories import at

ANN = Said("ann", at("22:00:00"), "from the spare")


def stored(number: int, said: Said) -> CustodyRecord:
    return CustodyRecord(
        f"f{number:05}.zip", f"/e/{number}", "00" * 32, 10, at("08:00:00") + timedelta(seconds=number), said
    )


def test_files_of_which_the_same_was_said_are_one_handover() -> None:
    custody = gather([stored(1, ANN), stored(2, Said()), stored(3, ANN)], ["f00003.zip!/a", "f00003.zip!/b", "x.log"])
    assert [(one.said, one.files, one.bytes) for one in custody.handovers] == [(ANN, 2, 20), (Said(), 1, 10)]
    assert (custody.handovers[0].first, custody.handovers[0].last) == (at("08:00:01"), at("08:00:03"))
    assert custody.unsigned == 1
    assert custody.members == {"f00003.zip": 2}
    assert sentences(custody) == [
        "2 stored files, 20 B, collected by ann, 2026-11-21 22:00:00 UTC (from the spare)",
        "1 stored file, 10 B, nobody said who collected it: --collected-by",
    ]


def test_of_a_million_files_the_first_are_kept_and_all_are_counted() -> None:
    custody = gather(stored(number, ANN if number % 2 else Said()) for number in reversed(range(5_000)))
    assert (custody.files, custody.bytes, custody.unsigned) == (5_000, 50_000, 2_500)
    assert [record.origin for record in custody.stored] == [f"f{number:05}.zip" for number in range(KEPT)]


def test_more_handovers_than_are_shown_are_counted() -> None:
    custody = gather(stored(number, Said(f"person {number:04}")) for number in range(KEPT + 20))
    assert (len(custody.handovers), custody.more) == (KEPT, 20)
    assert sentences(custody, most=1)[1] == f"… and {KEPT + 19} more handovers"
