# ruff: noqa: E501 - samples are as long as they are
from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.drills.render.snmp_traps import FORMS, OIDS, Trap, write
from tests.sources.recognising import has, read_as_found

TIMES = st.datetimes(datetime(2005, 1, 3), datetime(2037, 1, 1)).map(lambda t: t.replace(tzinfo=UTC, microsecond=0))
TRAPS = st.builds(
    Trap, TIMES, st.just("192.0.2.1"), st.just("edge1"), st.sampled_from(sorted(OIDS)),
    st.dictionaries(st.sampled_from(["IF-MIB::ifIndex.3", "IF-MIB::ifDescr.3"]), st.integers(0, 99).map(lambda n: f"INTEGER: {n}")),
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@given(trap=TRAPS)
def test_what_is_written_is_read_back(form: str, trap: Trap) -> None:
    result = read_as_found(write(trap, form, community="s3cr3tZx9"))
    (row,) = result.rows("snmp_traps")
    has(row, time=trap.time, observer="edge1", trap=trap.name)
    said = [f"{name} = {value.removeprefix('INTEGER: ')}" for name, value in trap.values.items()]
    assert (str(row["varbinds"]).split("\t") if row["varbinds"] else []) == said
    assert "s3cr3tZx9" not in str(result)
