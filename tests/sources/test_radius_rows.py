from __future__ import annotations

import pytest

from seawall.sources.radius_rows import Table, header, ias, is_odbc, odbc, xml


def test_unknown_numbers_keep_their_number_and_days_their_order() -> None:
    found = ias("192.0.2.1,ann,22/11/2026,9:15:30,IAS,NPS1,9999,x,44,00AB")
    assert found is not None
    assert found[0] == "2026-11-22 09:15:30"
    assert found[1][4:] == [("Attribute-9999", "x"), ("Acct-Session-Id", "00AB")]


@pytest.mark.parametrize("text", ["", "a,b", "192.0.2.1,ann,yesterday,10:15:30,IAS,NPS1,4,x", '"'])
def test_other_lines_are_no_records(text: str) -> None:
    assert (ias(text), odbc(text), xml(text), is_odbc(text)) == (None, None, None, None)


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_a_header_is_known_by_its_names_whatever_parts_them(sign: str) -> None:
    names = ["Date", "User Name", "nas_ip_address", "AcctSessionID", "callingStationId"]
    assert header(sign.join(names)) == (sign, names)
    state = Table()
    packets = list(
        state.take([(1, sign.join(names)), (2, sign.join(["11/22/2026 10:15:30", "ann", "192.0.2.1", "7", ""]))])
    )
    assert packets[0].time == "2026-11-22 10:15:30"
    assert ("NAS-IP-Address", "192.0.2.1") in packets[0].pairs
    assert header("Date,Name,City") is None


def test_a_row_of_another_width_is_refused() -> None:
    state = Table()
    rows = [(1, "time,username,nasipaddress,acctsessionid"), (2, "1795342530,ann,192.0.2.1,7,8,9"), (3, "x")]
    assert [bool(p.wrong) for p in state.take(rows)] == [True, True]
