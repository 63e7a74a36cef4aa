# ruff: noqa: E501 - samples stand as they are written
from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall import sources
from seawall.sources import intercepts, syslog, tacacs
from seawall.sources.base import Evidence, Source
from seawall.sources.intercepts import LINE_PREFILTER, is_intercept, is_intercept_line
from seawall.sources.opening import evidence_from_bytes, open_evidence
from tests.corpus import corpus_path
from tests.sources.reading import read_bytes

REFUSED = {
    "x1": '<?xml version="1.0"?>\n<X1Request xmlns="http://uri.etsi.org/03221/X1/2017/10"><x1RequestMessage/></X1Request>',
    "x1-prefixed": '<ns1:X1Response xmlns:ns1="http://uri.etsi.org/03221/X1/2017/10"/>',
    "hi1": '<HI1Message xmlns="http://uri.etsi.org/03120/common/2016/02"/>',
    "warrant-xml": "<registry><warrant id='7'><liid>X</liid></warrant></registry>",
    "warrant-csv": "warrant_id,LIID,target,agency\nW1,L1,441234,A\n",
    "warrant-csv-dots": "Warrant No.;Lawful Intercept ID;Agency;Issuing court;Target\nW1;L1;A;C;441234\n",
    "warrant-csv-words": "Warrant No;Target Type;Signed by\nW1;msisdn;J\n",
    "openli-yaml": "# taps\nipintercepts:\n - liid: L1\n   authcc: NZ\n",
    "openli-rest": '[\n {\n  "liid": "L1",\n  "agencyid": "A"\n }\n]',
    "openli-log": "Feb  2 12:20:08 li openliprovisioner[2214]: OpenLI: something\n" * 3,
    "tap-mib": "CISCO-TAP2-MIB::cTap2MediationDestPort.105 = Gauge32: 49152\n",
    "tap-mib-number": ".1.3.6.1.4.1.9.9.399.1.1.2.1.6.105 = Gauge32: 49152\n",
    "dtcp": "DTCP/0.7 200 OK\r\nSEQ: 41\r\nCRITERIA-ID: 7\r\n",
    "audit": '{"ts": "2026-01-28T11:47:01Z", "admfIdentifier": "a", "user": "u"}\n',
}
WELCOME = {
    "syslog-about": "<189>Feb  2 12:20:08 r1 17: %PARSER-5-CFGLOG_LOGGEDCMD: User:a command:snmp-server view T ciscoTap2MIB included\n",
    "one-line-of-many": "Feb  2 12:20:08 li openliprovisioner[2214]: x\n" + "Feb  2 12:20:08 r1 sshd[1]: y\n" * 5,
    "config": "!\nhostname r1\nsnmp-server view TAP cTap2MediationTable included\n!\nend\n",
    "zeek": '{"ts":1.5,"uid":"C1","id.orig_h":"192.0.2.1","uri":"/?q=\\"liid\\":1"}\n',
    "indicators": "indicator,type\n192.0.2.1,ip\n",
    "mail": "From: a@example.net\nTo: the agency\n",
}


@pytest.mark.parametrize("name", REFUSED)
def test_intercept_records_are_recognised_and_refused(name: str) -> None:
    evidence = evidence_from_bytes(REFUSED[name].encode(), "x")
    assert sources.recognise(evidence) is intercepts.SOURCE
    assert is_intercept(REFUSED[name].encode("utf-16"))


@pytest.mark.parametrize("name", WELCOME)
def test_evidence_that_only_speaks_of_intercepts_is_not_refused(name: str) -> None:
    assert not is_intercept(WELCOME[name].encode())


def test_a_refusal_says_why_and_quotes_nothing() -> None:
    result = read_bytes(intercepts.SOURCE, REFUSED["warrant-csv"].encode())
    assert result.counts() == {}
    assert [r.what for r in result.rejects] == [intercepts.SOURCE.refused]
    assert "through the vault" in intercepts.REFUSAL


def test_single_lines_of_intercept_systems_can_be_told_in_a_mixed_log() -> None:
    assert is_intercept_line(b"Feb  2 12:20:08 li openlimediator[1]: x")
    assert not is_intercept_line(b"Feb  2 12:20:08 li sshd[1]: x")


@pytest.mark.corpus
def test_every_known_intercept_file_is_refused() -> None:
    root = corpus_path("lawful-intercept")
    files = [*root.glob("x1-fixtures/*.xml"), *root.glob("openli/*"), *root.glob("scenario-s1/*")]
    plain = {"delivery-flows.jsonl", "expected.json"}  # flows, and our own answers: no target stands in them
    plain.add("warrants.json")  # read through the vault
    for path in files:
        evidence = open_evidence(path, path.name)
        assert isinstance(evidence, Evidence)
        assert (sources.recognise(evidence) is intercepts.SOURCE) == (path.name not in plain), path.name


@given(st.binary(max_size=300))
def test_any_bytes_are_judged_without_harm(content: bytes) -> None:
    for start in (b"", b"<", b"{", b"\xff\xfe", b"warrant_id,"):
        is_intercept(start + content)


@pytest.mark.parametrize(
    ("source", "kind", "line"),
    [
        (syslog.SOURCE, "syslog", "<189>Feb  2 12:20:08 r1 17: %SYS-5-CONFIG_I: Configured from console by ann on vty0 (192.0.2.15)"),
        (tacacs.SOURCE, "tacacs", "Feb  2 12:20:08\tr1\tann\ttty1\t192.0.2.15\tstop\ttask_id=1\tservice=shell\tcmd=show version"),
    ],
)  # fmt: skip
def test_a_line_of_an_intercept_system_inside_a_device_log_is_left_out_whole(
    source: Source, kind: str, line: str
) -> None:
    theirs = "Feb  2 12:20:09 li OpenLIMediator[1]: new LIID XX-441234 for 192.0.2.99"
    result = read_bytes(
        source, "\n".join([line, theirs, line, "Lawful Intercept log of 441234", theirs, "free"]).encode()
    )
    assert [row["origin"] for row in result.rows(kind)] == ["sample.log:1", "sample.log:3"]
    assert result.rejected == len(result.rejects) == 4
    refused = [reject for reject in result.rejects if reject.what == intercepts.LINE_REFUSAL]
    assert [reject.where for reject in refused] == ["sample.log:2", "sample.log:4", "sample.log:5"]
    assert "441234" not in str((result.rejects, result.rows(kind), result.notes))


def test_a_log_of_nothing_else_gives_no_rows_and_every_line_is_counted() -> None:
    result = read_bytes(syslog.SOURCE, b"Feb  2 12:20:09 li openlicollector[1]: x\n" * 1_200)
    assert (result.counts(), result.rejected, len(result.rejects)) == ({}, 1_200, 1_000)


@given(
    st.text(st.sampled_from("openli lawfulintercept:rmdaOL"), max_size=60),
    st.sampled_from(["OpenLI: ", "Lawful_Intercept", ""]),
)
def test_the_quick_look_misses_no_line_that_looking_would_find(text: str, mark: str) -> None:
    line = text[:30] + mark + text[30:]
    assert re.search(LINE_PREFILTER, line, re.IGNORECASE) or not is_intercept_line(line.encode())


def test_a_command_that_names_lawful_intercept_is_an_act_to_see_not_a_record_to_refuse() -> None:
    typed = (
        b"<189>1: edge7: Nov 21 22:01:06 UTC: %PARSER-5-CFGLOG_LOGGEDCMD: User:x  logged command:lawful-intercept on"
    )
    assert not is_intercept_line(typed)
    assert is_intercept_line(b"Nov 21 22:01:06 lims1 lawful-intercept: activated liid 0042 for target 999")


@pytest.mark.parametrize(
    "body",
    [
        '<ns1:X1Request xmlns="http://uri.etsi.org/03221/X1/2017/10"><xId>x</xId>',
        "&lt;X1Response&gt;",
        '{"x1TransactionId": "x", "admfIdentifier": "a"}',
        '{\\"liid\\": \\"0042\\"}',
        "<HI1NotificationOperation>",
        "<liid>0042</liid>",
    ],
)
def test_a_message_of_an_intercept_interface_inside_a_line_is_refused_with_it(body: str) -> None:
    line = f"<30>Nov 21 22:01:06 proxy1 nginx[7]: body: {body} msisdn 441234"
    result = read_bytes(syslog.SOURCE, f"{line}\n<30>Nov 21 22:01:07 proxy1 nginx[7]: GET /x1\n".encode())
    assert (result.counts(), result.rejected) == ({"syslog": 1}, 1)
    assert result.rejects[0].what == intercepts.LINE_REFUSAL
    assert re.search(LINE_PREFILTER, line, re.IGNORECASE)
    assert "441234" not in str(result)


@pytest.mark.parametrize(
    "said",
    ["search warrant server up", "interface HI1/0/1 up", "<hi>there</hi>", "liid unknown", "xid 7", 'user "xid"'],
)
def test_words_alone_are_no_message_of_an_intercept_interface(said: str) -> None:
    assert not is_intercept_line(f"<30>Nov 21 22:01:06 proxy1 app[7]: {said}".encode())
