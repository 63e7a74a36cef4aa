"""`seawall audit` from the outside: one line per device and check, and exit codes that scripts can trust."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from seawall.cli.audit import audit
from seawall.errors import InputError

ROUTER = """!
version 15.2
hostname pe1
!
aaa new-model
interface Loopback0
 ip address 192.0.2.1 255.255.255.255
!
ip http server
line con 0
 login authentication default
line vty 0 4
 transport input telnet ssh
!
end
"""


@pytest.fixture
def router(tmp_path: Path) -> Path:
    path = tmp_path / "pe1.cfg"
    path.write_text(ROUTER)
    return path


def test_jsonl_has_one_line_per_device_and_check_with_exactly_these_keys(router: Path) -> None:
    result = CliRunner().invoke(audit, ["run", str(router), "--format", "jsonl"])
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    keys = ["device", "file", "platform", "version", "check", "status", "severity", "lines", "why", "mend"]
    assert all(list(line) == keys for line in lines)
    assert len({line["check"] for line in lines}) == len(lines)
    telnet = next(line for line in lines if line["check"] == "MGT-02")
    assert (telnet["device"], telnet["file"], telnet["platform"], telnet["version"]) == (
        "pe1",
        "pe1.cfg",
        "ios",
        "15.2",
    )
    assert telnet["status"] == "fail"
    assert telnet["lines"] == [{"number": 13, "text": "transport input telnet ssh"}]
    assert telnet["mend"] == ["line vty 0 4", " transport input ssh"]


def test_fail_on_leaves_with_ten_only_if_something_that_bad_fails(router: Path) -> None:
    run = CliRunner()
    assert run.invoke(audit, ["run", str(router), "--fail-on", "critical"]).exit_code == 10
    assert run.invoke(audit, ["run", str(router), "--check", "MGT-26", "--fail-on", "high"]).exit_code == 0
    assert run.invoke(audit, ["run", str(router)]).exit_code == 0


def test_the_table_names_line_reason_and_mending(router: Path) -> None:
    said = CliRunner().invoke(audit, ["run", str(router), "--check", "MGT-02"]).output
    assert "13: transport input telnet ssh" in said
    assert "mend:  transport input ssh" in said


def test_what_is_no_configuration_is_said_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear colleague,\nnothing here is a router.\n")
    result = CliRunner().invoke(audit, ["run", str(path), "--format", "jsonl"])
    assert result.exit_code == 0
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1


def test_an_empty_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "pe9.cfg").touch()
    told = CliRunner().invoke(audit, ["run", str(tmp_path), "--jobs", "1"])
    assert "pe9.cfg: empty file: save the configuration again" in told.output


def test_each_line_that_is_mended_is_mended_where_it_stands(router: Path) -> None:
    text = "hostname r1\nversion 17.9\nline vty 0 4\n transport input all\nline vty 5 15\n transport input all\nend\n"
    router.write_text(text)
    told = CliRunner().invoke(audit, ["run", str(router), "--check", "MGT-02", "--format", "jsonl"])
    (row,) = map(json.loads, told.stdout.splitlines())
    assert row["mend"] == ["line vty 0 4", " transport input ssh", "line vty 5 15", " transport input ssh"]


def test_a_check_that_does_not_exist_is_named(router: Path) -> None:
    result = CliRunner().invoke(audit, ["run", str(router), "--check", "NIX-01"])
    assert "NIX-01" in str(result.exception)


def test_explain_tells_what_fails_and_what_mends() -> None:
    said = CliRunner().invoke(audit, ["explain", "mgt-02"]).output
    assert "transport input ssh" in said
    assert "ios" in said


def test_a_newer_catalogue_of_exploited_flaws_is_taken_offline_and_an_older_one_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, router: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    row = {"cveID": "CVE-2099-0001", "vendorProject": "Cisco", "product": "IOS", "dateAdded": "2099-01-01"}
    newer = tmp_path / "kev.json"
    newer.write_text(json.dumps({"catalogVersion": "2099.01.01", "vulnerabilities": [row]}))
    taken = CliRunner().invoke(audit, ["update-kev", str(newer)])
    assert "CVE-2099-0001" in taken.stdout
    older = tmp_path / "old.json"
    older.write_text(json.dumps({"vulnerabilities": [{**row, "dateAdded": "2001-01-01"}]}))
    refused = CliRunner().invoke(audit, ["update-kev", str(older)])
    assert isinstance(refused.exception, InputError)
    assert "older" in refused.exception.what


def test_known_exploited_flaws_are_asked_for_by_name(router: Path) -> None:
    result = CliRunner().invoke(audit, ["run", str(router), "--check", "img-01", "--format", "jsonl"])
    (line,) = [json.loads(text) for text in result.stdout.splitlines()]
    assert line["check"] == "IMG-01"
    assert line["status"] == "unknown"  # 15.2 is only a train
    one = CliRunner().invoke(audit, ["run", str(router), "--check", "CVE-2018-0171", "--format", "jsonl"])
    assert json.loads(one.stdout)["check"] == "CVE-2018-0171"
