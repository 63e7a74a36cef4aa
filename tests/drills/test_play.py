from __future__ import annotations

import gzip
import hashlib
import ipaddress
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from seawall.drills.evidence import text_digest
from seawall.drills.play import play
from seawall.drills.scenario import builtin
from seawall.drills.truth import read_truth
from seawall.errors import InputError
from tests.drills.conftest import Played

ALLOWED = [
    ipaddress.ip_network(n)
    for n in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "192.0.2.0/24", "198.51.100.0/24",
              "203.0.113.0/24", "2001:db8::/32")
]  # fmt: skip
MASKS = re.compile(r"255\.255\.255\.\d+|0\.0\.0\.255")
ADDRESS = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
SIX = re.compile(r"(?<![\w:])2001:[0-9a-f:]+")
NAME = re.compile(
    r"\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|net|org|io|info|biz|gov|mil|edu|dev|app|co|de|uk|ru|cn)\b", re.I
)
NAMESPACE = "http://schemas.microsoft.com/win/2004/08/events/event"  # an XML namespace every Windows event carries


@cache
def read(path: Path) -> str:
    raw = path.read_bytes()
    return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()


def fingerprints(folder: Path) -> dict[str, str]:
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*")) if p.is_file()
    }  # fmt: skip


def test_the_same_seed_gives_the_same_bytes(played: Played, tmp_path: Path) -> None:
    play(builtin(), tmp_path / "evidence", 7)
    assert fingerprints(tmp_path) == fingerprints(played.folder.parent)


def test_another_seed_gives_another_carrier_and_other_bytes(played: Played, tmp_path: Path) -> None:
    other = play(replace(builtin(), days=4), tmp_path / "evidence", 8)
    assert set(fingerprints(tmp_path).values()).isdisjoint(fingerprints(played.folder.parent).values())
    assert {x.file for x in other.attacks()} != {x.file for x in played.truth.attacks()}


def test_the_intrusion_hides_in_fifty_thousand_honest_lines(played: Played) -> None:
    assert played.truth.lines - len(played.truth.attacks()) >= 50_000
    assert len({x.time.date() for x in played.truth.attacks()}) >= 2


def test_every_stage_left_a_line(played: Played) -> None:
    assert {x.label.stage for x in played.truth.attacks()} == {s.id for s in played.truth.stages}


def test_every_label_points_at_its_line(played: Played) -> None:
    files = {x.file: read(played.folder / x.file).split("\n") for x in played.truth.landed}
    for x in played.truth.landed:
        assert text_digest(files[x.file][x.line - 1]) == x.digest, f"{x.file}:{x.line}"


def test_the_count_of_lines_is_the_count_in_the_files(played: Played) -> None:
    texts = [read(p) for p in played.folder.rglob("*") if p.is_file()]
    heads = sum(line.startswith("#") and not line.startswith("##") for text in texts for line in text.splitlines())
    assert sum(text.count("\n") for text in texts) - heads == played.truth.lines


def test_the_truth_lies_outside_the_evidence_and_reads_back(played: Played) -> None:
    path = played.folder.with_name("evidence.truth.jsonl")
    assert read_truth(path) == played.truth
    assert not [p for p in played.folder.rglob("*") if "truth" in p.name]


def test_labels_inside_the_evidence_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="may not lie in the evidence"):
        play(builtin(), tmp_path / "evidence", 7, truth=tmp_path / "evidence" / "truth.jsonl")


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")
    with pytest.raises(InputError, match="not empty"):
        play(builtin(), tmp_path, 7)


def test_no_address_or_name_is_a_real_one(played: Played) -> None:
    for path in (p for p in played.folder.parent.rglob("*") if p.is_file()):
        text = "\n".join(set(re.findall(r"[\w.:-]+", read(path).replace(NAMESPACE, ""))))  # each word once: quicker
        found = {*ADDRESS.findall(MASKS.sub("", text)), *(six.rstrip(":") for six in SIX.findall(text))}
        strange = {a for a in found if not any(ipaddress.ip_address(a) in net for net in ALLOWED)}
        assert not strange, f"{path.name}: {strange}"
        names = {n for n in NAME.findall(text) if not n.lower().endswith("example.net")}
        assert not names, f"{path.name}: {names}"


def test_a_device_whose_forwarding_stopped_says_nothing_more(played: Played) -> None:
    stopped = next(x for x in played.truth.attacks() if x.label.stage == "s17-traces" and "D-02" in x.label.behaviours
                   and x.file.startswith("syslog/"))  # fmt: skip
    last = max((x for x in played.truth.attacks() if x.file == stopped.file), key=lambda x: x.line)
    assert len(read(played.folder / stopped.file).splitlines()) == last.line


PUBLISHED = {  # behaviour -> the form public reports give it
    "R-02": r"/webui/logoutconfirm\.html\?logon_hash=1",
    "A-01": r"/%2577eb%2575i_%2577sma_Http",
    "A-02": r"%SYS-5-CONFIG_P: Configured programmatically by process SEP_webui_wsma_http from console as \S+ on vty",
    "P-01": r"%PARSER-5-CFGLOG_LOGGEDCMD: User:\S+  logged command:username cisco_support privilege 15",
    "A-03": r"%SEC_LOGIN-5-WEBLOGIN_SUCCESS: Login Success \[user: cisco_support\] \[Source: ",
    "A-04": r"%WEBUI-6-INSTALL_OPERATION_INFO: .*User: cisco_support, Install Operation: ADD ",
    "P-08": r"logged command:access-list 20 permit ",
    "P-09": r"logged command:no access-class ",
    "I-01": r"cmd=show tacacs <cr>",
    "C-01": r"cmd=monitor capture mycap match ipv4 protocol tcp any any eq 49 <cr>",
    "C-02": r"cmd=monitor capture mycap export bootflash:tac\.pcap <cr>",
    "X-01": r"cmd=copy bootflash:tac\.pcap ftp://u:\*@",
    "E-01": r"%IM-6-IOX_INST_INFO: R0/0: ioxman: IOX SERVICE guestshell LOG: Guestshell is up",
    "P-10": r"logged command:tunnel destination ",
    "N-02": r"\tunknown_transport\t.*\t47$",
    "C-06": r"logged command:address ipv4 ",
    "D-07": r"logged command:ip address \S+ 255\.255\.255\.255",
    "L-01": r"%SEC_LOGIN-5-LOGIN_SUCCESS|Accepted password for",
    "E-08": r"%INFRA-INFRA_MSG-5-RUN_LOGIN : User \S+ logged into shell from vty3",
    "E-10": r'"ServiceName":"PSEXESVC"',
    "L-07": r'"LogonType":10',
    "D-02": r"%SYS-6-LOGGINGHOST_STARTSTOP: Logging to host \S+ stopped - CLI initiated",
    "D-01": r"cmd=clear logging <cr>",
    "E-04": r"cmd=guestshell destroy <cr>",
    "D-17": r"cmd=no monitor capture mycap <cr>",
}


@pytest.mark.parametrize("behaviour", PUBLISHED)
def test_a_behaviour_shows_in_its_published_form(behaviour: str, played: Played) -> None:
    own = [x for x in played.truth.attacks() if behaviour in x.label.behaviours]
    lines = [read(played.folder / x.file).split("\n")[x.line - 1] for x in own]
    assert any(re.search(PUBLISHED[behaviour], line) for line in lines)


def test_no_honest_line_is_written_by_the_intruder(played: Played) -> None:
    labelled = {(x.file, x.line) for x in played.truth.attacks()}
    for path in (p for p in played.folder.rglob("*") if p.is_file()):
        for number, line in enumerate(read(path).split("\n"), 1):
            place = (path.relative_to(played.folder).as_posix(), number)
            assert "cisco_support" not in line or place in labelled
