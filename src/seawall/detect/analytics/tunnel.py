"""Data carried in names: one client asks for many long, ever new names below one domain.

Three signs, and any of them is enough: (1) thirty or more different names, nearly all asked once, whose part below the
domain is long; (2) the same with fewer names where most ask for TXT, NULL, CNAME, MX or PRIVATE records; (3) a name
with a label of fifty letters and figures that is no key or hash of a known service. Reverse look-ups, block lists
(names that are addresses) and content networks' usual hosts are left out. The domain is the last two labels, three
where the second-last is short (co.uk).

Look-ups of files, links and senders by their hash are long and ever new too, but what comes back is a verdict. A domain
is left out where five hosts or more ask it and all are told the same few short things, or where all it ever answers
are codes of a block list (127.0.0.0/8, RFC 5782, clause 2.1).

False positives: such look-ups by one host alone, some content networks; the domain's owner decides. False negatives:
data sent out by five hosts or more to one domain that answers nothing but the same few addresses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import ibis

from seawall.detect import subjects, vocabulary
from seawall.detect.base import About, Analytic, Need
from seawall.detect.baseline import seconds as whole_seconds
from seawall.detect.subjects import Naming
from seawall.detect.traffic import telling
from seawall.model.severity import Severity
from seawall.model.site import Site

NAMES: Final = 30
LONG: Final = 24  # characters below the domain, in the mean
LABEL: Final = 50  # characters of one label: 63 are allowed, people use ten
SHARING: Final = 5  # hosts that ask below one domain: a product's, no intruder's
VERDICTS: Final = 8  # different answers of one domain in all
VERDICT: Final = 16  # characters of the longest: an address, a code
_DOMAIN: Final = r"([^.]+\.(?:(?:co|com|net|org|gov|ac|edu|or|ne|go)\.)?[^.]+)$"
_HARMLESS: Final = (
    r"\.arpa$|\.local$|(^|\.)(akamaiedge|akamai|cloudfront|amazonaws|azure|windows|googlevideo|gstatic|fbcdn)\.[a-z]+$"
    r"|^[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.|^([0-9a-f]\.){16}"
    r"|(^|\.)_?(domainkey|dmarc|acme-challenge|spf)\b|\.(avqs|sophosxl|spamhaus|mcafee|surbl|uribl)\."
)
_LISTED: Final = r"^127\.[0-9]+\.[0-9]+\.[0-9]+(,127\.[0-9]+\.[0-9]+\.[0-9]+)*$"  # codes of a block list
_ODD: Final = ("TXT", "NULL", "CNAME", "MX", "PRIVATE", "KEY", "16", "10", "5", "15", "65399")
_SUBJECT: Final = replace(
    subjects.BY_VIEW["dns"],
    entities=(Naming(("src_ip",), "ip", "source"), Naming(("domain",), "domain", "object")),
    details=("src_ip", "dst_ip", "domain", "names", "questions", "mean_length", "odd_types", "sign"),
)


def question(views: Mapping[str, Any], _site: Site) -> Any:
    """First questions of every client and domain that carries data."""
    dns = views["dns"]
    rows = dns.filter(dns.time.notnull() & dns["query"].notnull() & dns["query"].re_search(r"\."))
    rows = rows.filter(~rows["query"].re_search(_HARMLESS))
    rows = rows.mutate(
        client=ibis.coalesce(rows.src_ip, ""),
        domain=rows["query"].re_extract(_DOMAIN, 1),
        odd=ibis.ifelse(rows.qtype.upper().isin(_ODD), 1, 0),
        seconds=whole_seconds(rows.time).cast("int64"),
    )
    rows = rows.filter(rows.domain != "")
    rows = rows.anti_join(_lookups(rows), "domain")
    below = (rows["query"].length() - rows.domain.length() - 1).cast("int64")
    carries = rows["query"].re_search(r"(^|\.)[a-z0-9_*+/=-]{50,}") & rows["query"].re_search(
        "[0-9].*[a-z]|[a-z].*[0-9]"
    )
    rows = rows.mutate(below=ibis.greatest(below, 0), carrying=ibis.ifelse(carries, 1, 0))
    by = rows.group_by("client", "domain").aggregate(
        names=rows["query"].nunique(),
        questions=rows.count(),
        mean_length=rows.below.mean().round(1),
        odd_types=rows.odd.sum(),
        carrying=rows.carrying.sum(),
    )
    fresh = by.names >= by.questions * 0.4  # questions are asked again, and seen on both sides of a resolver
    many = (by.names >= NAMES) & fresh & (by.mean_length >= LONG)
    typed = (by.names >= 8) & fresh & (by.odd_types * 2 >= by.questions) & (by.mean_length >= LONG - 8)
    sign = ibis.cases(
        (many, "many long names"), (typed, "long names of odd types"), (by.carrying >= 1, "a label full of data")
    )
    by = by.mutate(sign=sign)
    found = rows.join(by.filter(by.sign.notnull()).drop("carrying"), ["client", "domain"])
    window = ibis.window(group_by=["client", "domain"], order_by=["seconds", "event_id"])
    numbered = found.mutate(place=ibis.row_number().over(window))
    told = ("event_id", "time", "origin", "src_ip", "dst_ip", "query", "qtype", "answers", "domain")
    figures = ("names", "questions", "mean_length", "odd_types", "sign")
    return numbered.filter(numbered.place < telling.MOST).select(*told, *figures)


def _lookups(rows: Any) -> Any:
    """Domains whose long names are look-ups: what comes back are verdicts. Rows whose answer nobody saw say nothing."""
    said = rows.answers.fill_null("").strip()
    said = ibis.ifelse(said == "", ibis.null("string"), said)
    by = rows.group_by("domain")
    by = by.aggregate(
        hosts=rows.client.nunique(),
        answered=ibis.ifelse(said.notnull(), 1, 0).sum(),
        verdicts=said.nunique(),
        longest=said.length().max(),
        others=ibis.ifelse(said.notnull() & ~said.re_search(_LISTED), 1, 0).sum(),
    )
    few = (by.hosts >= SHARING) & (by.verdicts <= VERDICTS) & (by.longest <= VERDICT)
    return by.filter((by.answered > 0) & (few | (by.others == 0))).select("domain")


ANALYTIC: Final = Analytic(
    about=About(
        id="dns.tunnel",
        title="Data carried in names asked of resolvers",
        severity=Severity.HIGH,
        confidence=65,
        needs=(Need("dns", ("time", "src_ip", "query", "qtype"), "a Zeek sensor before the resolvers"),),
        attack=(vocabulary.versioned("T1071"), vocabulary.versioned("T1572")),
        tags=("behaviour:N-12",),
        why=(
            "{src_ip} asked {questions} times for {names} names below {domain}, {mean_length} characters long in the "
            "mean, {odd_types} of odd types: {sign}"
        ),
        gap=telling.LASTING,
    ),
    subject=_SUBJECT,
    question=question,
)
