from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.errors import InputError
from seawall.model.owners import Owner
from seawall.sources.owners import owners_of
from tests.sources import mmdb

ASN = {
    "203.0.113.0/24": {"autonomous_system_number": 64500, "autonomous_system_organization": "Example Hosting"},
    "2001:db8:5::/48": {"autonomous_system_number": 64501, "autonomous_system_organization": "Example Six"},
}
COUNTRY = {"203.0.113.0/24": {"country": {"iso_code": "SE", "names": {"en": "Sweden"}}}}


def written(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def test_two_databases_together_say_system_and_country(tmp_path: Path) -> None:
    files = [written(tmp_path / "a", mmdb.database(ASN)), written(tmp_path / "c", mmdb.database(COUNTRY))]
    found = owners_of(["203.0.113.7", "2001:db8:5::9", "::ffff:203.0.113.8", "198.51.100.1", "no address"], files)
    assert {address: str(owner) for address, owner in found.items()} == {
        "203.0.113.7": "AS64500 Example Hosting, SE",
        "2001:db8:5::9": "AS64501 Example Six",
        "::ffff:203.0.113.8": "AS64500 Example Hosting, SE",
    }


@pytest.mark.parametrize(
    "record",
    [
        {"asn": "AS64500", "as_name": "Example Hosting", "country_code": "se"},
        {"asn": "AS64500", "name": "Example Hosting", "country": "SE"},
        {"as": {"number": 64500, "name": "Example Hosting"}, "country": {"iso_code": "SE"}},
    ],
)
def test_other_layouts_of_a_record_are_understood(tmp_path: Path, record: dict[str, Any]) -> None:
    path = written(tmp_path / "a.mmdb", mmdb.database({"203.0.113.0/24": record}))
    assert owners_of(["203.0.113.7"], [path]) == {"203.0.113.7": Owner(64500, "Example Hosting", "SE")}


@pytest.mark.parametrize(
    "table",
    [
        "network,asn,name,country\n203.0.112.0/20,64999,Wide,NO\n203.0.113.0/24,64500,Example Hosting,SE\n",
        "network,autonomous_system_number,autonomous_system_organization,cc\n203.0.113.0/24,64500,Example Hosting,SE\n",
        'start_ip,end_ip,country,asn,as_name\n203.0.113.0,203.0.113.255,SE,AS64500,"Example Hosting"\n',
        "203.0.113.0\t203.0.113.255\t64500\tSE\tExample Hosting\n203.0.114.0\t203.0.114.255\t0\tNone\tNot routed\n",
        "\ufeff203.0.113.0,203.0.113.255,64500,Example Hosting,SE\r\n",
        "3405803776;3405804031;64500;SE;Example Hosting\n",
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_tables_of_many_layouts_say_the_same(tmp_path: Path, table: str, packed: bool) -> None:
    path = written(tmp_path / "table", gzip.compress(table.encode()) if packed else table)
    assert owners_of(["203.0.113.7"], [path]) == {"203.0.113.7": Owner(64500, "Example Hosting", "SE")}


def test_the_smallest_network_counts_whatever_its_place(tmp_path: Path) -> None:
    wide, small = "203.0.0.0/16,1,Wide,NO\n", "203.0.113.0/24,2,Small,SE\n"
    for rows in (wide + small, small + wide):
        path = written(tmp_path / "t.csv", "network,asn,name,country\n" + rows)
        assert owners_of(["203.0.113.7"], [path])["203.0.113.7"].name == "Small"


@pytest.mark.parametrize(
    "data",
    [
        b"not a table\nof anything\n",
        b"network,asn\n",
        b"\x1f\x8b broken",
        mmdb.MARK + b"\xff\xff",
        bytes(16) + mmdb.metadata(1 << 20),
        b"network,asn\n" + b"9" * 100_000,
    ],
    ids=["prose", "empty", "gzip", "metadata", "tree", "line"],
)
def test_a_file_that_is_none_is_refused_by_name(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InputError, match=r"cannot|owners|broken|beyond"):
        owners_of(["203.0.113.7"], [written(tmp_path / "x", data)])


def test_a_record_that_unfolds_without_end_is_refused(tmp_path: Path) -> None:
    """Twenty maps, each of which points eight times at the one before: 2^60 values in a kilobyte."""
    data, last = mmdb.value("x"), 0
    for _ in range(20):
        last, data = len(data), data + b"\xe8" + b"".join(
            b"\x41" + bytes([65 + n]) + (0x2000 | last).to_bytes(2, "big") for n in range(8)
        )  # fmt: skip
    nodes = [[n + 1 if n < 127 else None] * 2 for n in range(128)]
    nodes[127] = ["all", "all"]
    path = written(tmp_path / "x.mmdb", mmdb._file(nodes, data, {"all": last}))
    with pytest.raises(InputError, match="maximum number of values"):
        owners_of(["203.0.113.7"], [path])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4_000), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_database_answers_or_is_refused(changes: list[tuple[int, int]]) -> None:
    import tempfile

    data = bytearray(mmdb.database(ASN | COUNTRY))
    for place, octet in changes:
        data[place % len(data)] = octet
    with tempfile.NamedTemporaryFile() as file:
        file.write(bytes(data))
        file.flush()
        try:
            found = owners_of(["203.0.113.7", "2001:db8:5::9"], [Path(file.name)])
        except InputError:
            return
    assert all(isinstance(owner, Owner) for owner in found.values())
