# ruff: noqa: E501 - samples stand as they are written
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall import sources
from seawall.model.indicator_values import confidence_of, normalise, refang
from seawall.sources import indicators
from seawall.sources.opening import evidence_from_bytes
from tests.corpus import corpus_path
from tests.sources.reading import read_bytes, read_path

SHA = "ab" * 32


def knows(text: str) -> bool:
    found = sources.recognise(evidence_from_bytes(text.encode(), "x.csv"))
    return found is indicators.SOURCE


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("hxxp://bad[.]example/a", "http://bad.example/a"),
        ("hXXps[:]//bad(.)example", "https://bad.example"),
        ("192[.]0[.]2[.]1", "192.0.2.1"),
        ("bad[dot]example", "bad.example"),
        ("2001:db8[:]:1", "2001:db8::1"),
        ("bad\\.example", "bad.example"),
    ],
)
def test_indicators_are_refanged(written: str, plain: str) -> None:
    assert refang(written) == plain


@pytest.mark.parametrize(
    ("value", "said", "found"),
    [
        ("192.0.2.1", "ipv4-addr", ("ip", "192.0.2.1")),
        ("192.0.2.1:443", "ip:port", ("ip", "192.0.2.1")),
        ("198.51.100.0/24", "cidr", ("ip", "198.51.100.0/24")),
        ("2001:DB8::0001", "IPv6", ("ip", "2001:db8::1")),
        ("Bad.Example.", "domain", ("domain", "bad.example")),
        ("*.bad.example", "hostname", ("domain", "bad.example")),
        ("HTTP://Bad.example/Path", "url", ("url", "http://bad.example/Path")),
        (SHA.upper(), "FileHash-SHA256", ("hash", SHA)),
        ("d41d8cd98f00b204e9800998ecf8427e", "", ("hash", "d41d8cd98f00b204e9800998ecf8427e")),
        ("192.0.2.1", "sha256", None),
        ("192.0.2.300", "ip", None),
        ("Someone[@]bad[.]example", "email", ("email", "someone@bad.example")),
        ("mailto:someone@bad.example", "", ("email", "someone@bad.example")),
        ("bad.example", "email", None),
        ("CVE-2023-20198", "cve", None),
        ("", "ip", None),
        ("no dots", "", None),
    ],
)
def test_what_a_value_is_decides(value: str, said: str, found: tuple[str, str] | None) -> None:
    assert normalise(value, said) == found


@pytest.mark.parametrize(
    ("text", "level"),
    [("High", "high"), ("moderate", "medium"), ("LOW", "low"), ("95", "high"), ("50%", "medium"), ("10", "low"),
     ("0.9", "high"), ("", "medium"), ("banana", None), ("900", None)],
)  # fmt: skip
def test_confidence_has_three_levels(text: str, level: str | None) -> None:
    assert confidence_of(text) == level


@pytest.mark.parametrize(
    "header",
    ["indicator,type,confidence", "IOC;IoC Type;Score", "ioc_value\tioc_type\tConfidence Level", "Observable,kind,certainty",
     "#value,data_type,confidence", '"Indicator Value","Indicator Type","confidence"'],
)  # fmt: skip
def test_columns_are_found_by_the_names_they_go_by(header: str) -> None:
    mark = next(d for d in ",;\t" if d in header)
    text = f"{header}\n" + mark.join(("bad[.]example", "domain", "high")) + "\n"
    assert knows(text)
    (event,) = read_bytes(indicators.SOURCE, text.encode()).rows("indicators")
    assert (event["value"], event["type"], event["confidence"]) == ("bad.example", "domain", "high")
    assert event["origin"] == "sample.log:2"


def test_a_bad_line_is_rejected_and_the_others_go_on() -> None:
    text = b'indicator,type,note\n192.0.2.1,ip,"a, b"\nnonsense,ip,\n,,\n198.51.100.1,ip,c\n'
    result = read_bytes(indicators.SOURCE, text)
    assert [e["note"] for e in result.rows("indicators")] == ["a, b", "c"]
    assert [r.where for r in result.rejects] == ["sample.log:3", "sample.log:4"]


@pytest.mark.parametrize(
    "text",
    [
        "time,device,value\n1,r1,5\n2,r1,6\n",
        "name,type,value\nr1,gauge,5\nr2,gauge,7\n",
        "indicator,type\nprofit,percent\nloss,percent\ncost,euro\n",
        "src_ip,dst_ip,type\n192.0.2.1,192.0.2.2,flow\n",
        "hello\nworld\n",
    ],
)
def test_other_tables_are_not_indicator_lists(text: str) -> None:
    assert not knows(text)


def test_the_shared_list_is_read_whole() -> None:
    path = corpus_path("network").parents[1] / "knowledge" / "indicators.csv"
    if not path.exists():
        pytest.skip("the shared list of indicators is not beside SEAWALL_CORPUS")
    result = read_path(path)
    assert result.counts()["indicators"] + result.rejected == len(path.read_text().strip().splitlines()) - 1
    assert result.rejected < 20  # file names, accounts and request paths: nothing to compare with


@given(st.binary(max_size=300))
def test_any_bytes_give_indicators_and_rejects(content: bytes) -> None:
    read_bytes(indicators.SOURCE, content)
    read_bytes(indicators.SOURCE, b"indicator,type,confidence\n" + content)
