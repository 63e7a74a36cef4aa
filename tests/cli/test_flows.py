from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from seawall.cli.flows import sparkline
from seawall.cli.main import cli

_HEAD = "#separator \\x09\n#path\tconn\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\t"
_MORE = "duration\torig_bytes\tresp_bytes\tconn_state\n#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\t"
_TYPES = "interval\tcount\tcount\tstring\n"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "conn.log"
    lines = [
        f"{1_761_000_000 + n * 600}.5\tC{n}\t10.20.1.1\t{40_000 + n}\t203.0.113.9\t443\ttcp\tssl\t0.3\t600\t400\tSF\n"
        for n in range(60)
    ]
    path.write_text(_HEAD + _MORE + _TYPES + "".join(lines), encoding="utf-8")
    return path


def test_beacons_come_out_ranked_with_their_terms(log: Path) -> None:
    done = CliRunner().invoke(cli, ["flows", "beacons", str(log), "--format", "jsonl"])
    (row,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert (row["src"], row["dst"], row["port"], row["calls"], row["period"]) == (
        "10.20.1.1",
        "203.0.113.9",
        443,
        60,
        600,
    )
    assert row["score"] > 0.6
    assert row["term_light"] == -0.5
    assert "1 rows of 60 flows" in done.stderr


@pytest.mark.parametrize("what", ["top", "pairs", "talkers"])
def test_each_question_is_answered_as_a_table(log: Path, what: str) -> None:
    done = CliRunner().invoke(cli, ["flows", what, str(log)])
    assert done.exit_code == 0
    assert "203.0.113.9" in done.stdout


def test_evidence_without_flows_says_what_to_give(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing here\n", encoding="utf-8")
    done = CliRunner().invoke(cli, ["flows", "top", str(tmp_path)])
    assert "no flows in it" in str(done.exception)


def test_a_sparkline_shows_small_values_too() -> None:
    assert sparkline([0, 1, 10_000]) == " ▁█"
    assert sparkline([0, 0]) == "  "


def test_owners_stand_beside_their_addresses(log: Path, tmp_path: Path) -> None:
    (tmp_path / "asn.csv").write_text("network,asn,name,country\n203.0.113.0/24,64500,Example [b]x,SE\n", "utf-8")
    asked = ["flows", "top", str(log), "--owners", str(tmp_path / "asn.csv")]
    (row,) = [json.loads(line) for line in CliRunner().invoke(cli, [*asked, "--format", "jsonl"]).stdout.splitlines()]
    assert (row["dst_asn"], row["dst_owner"], row["dst_country"]) == (64500, "Example [b]x", "SE")
    assert row["src_asn"] is None
    assert "AS64500 Example [b]x, SE" in CliRunner().invoke(cli, asked).stdout


def test_interfaces_stand_beside_the_flows_that_crossed_them(tmp_path: Path) -> None:
    flows, names = tmp_path / "flows.csv", tmp_path / "ifs.csv"
    flows.write_text(
        "ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt,in,out,sas,das,nh,ra\n"
        "2026-11-20 10:00:00,2026-11-20 10:00:01,1.000,10.20.1.1,203.0.113.9,40000,443,TCP,...AP.SF,0,0,9,900,0,0,"
        "501,7,0,0,0.0.0.0,192.0.2.1\n",
        encoding="utf-8",
    )
    names.write_text("exporter,index,name\n192.0.2.1,501,xe-0/0/1\n", encoding="utf-8")
    done = CliRunner().invoke(cli, ["flows", "top", str(flows), "--interfaces", str(names), "--format", "jsonl"])
    assert json.loads(done.stdout)["interfaces"] == ["192.0.2.1: xe-0/0/1 [501] > 7"]
