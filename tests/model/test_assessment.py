"""The honest statement as plain values."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from seawall.model.assessment import Assessment, Gap, Statement, statement_to_dict

NIGHT = datetime(2026, 11, 21, 22, tzinfo=UTC)


def statement(*answers: Assessment) -> Statement:
    return Statement(
        claim="everything",
        first=NIGHT,
        last=NIGHT,
        incidents=(),
        answers=answers,
        sentence="",
        blind=(Gap("lims1", "logins", NIGHT, NIGHT, "no logins of it"),),
        outflows=(),
        flows_seen=False,
        integrity=(),
        evidence_first=None,
        evidence_last=None,
        retention="",
        settles=(),
        made=NIGHT,
    )


def test_the_worst_answer_speaks_and_no_answer_at_all_is_ignorance() -> None:
    unknown, silent = Assessment("a", "cannot be known", 0, ""), Assessment("b", "no evidence", 70, "")
    assert statement(silent, unknown).answer == "cannot be known"
    assert statement(silent, unknown, Assessment("c", "reached", 90, "")).answer == "reached"
    assert statement().answer == "cannot be known"


def test_a_statement_is_one_json_line_with_times_in_utc() -> None:
    told = json.loads(json.dumps(statement_to_dict(statement(Assessment("a", "tried", 60, "x", first=NIGHT)))))
    assert told["first"] == told["answers"][0]["first"] == told["blind"][0]["first"] == "2026-11-21T22:00:00.000000Z"
    assert told["answer"] == "tried"
