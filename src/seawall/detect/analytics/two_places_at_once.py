"""One account at work from two public addresses within the hour: one of them is not its owner.

Inside addresses say nothing: people work from several jump hosts. Two addresses of one network (/24, /48) are one
place: providers hand out what is free.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis

from seawall.detect import subjects, vocabulary
from seawall.detect.base import About, Analytic, Need
from seawall.model.severity import Severity
from seawall.model.site import Site

WITHIN_MINUTES: Final = 60
_INSIDE: Final = (
    r"^(10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2[0-9]|3[01])\.|100\.(6[4-9]|[789][0-9]|1[01][0-9]|12[0-7])\."
    r"|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:|::1$)"
)
_NETWORK: Final = r"^((?:\d{1,3}\.){3}|(?:[0-9a-f]{1,4}:){3})"


def question(views: Mapping[str, Any], _site: Site) -> Any:
    """Logins of accounts that came from two public networks within an hour."""
    logins = views["logins"]
    good = logins.filter(logins.src_ip.notnull() & logins.time.notnull() & logins.user.notnull())
    good = good.filter((good.outcome == "success") & (good.activity == "login") & ~good.src_ip.re_search(_INSIDE))
    good = good.mutate(place=good.src_ip.lower().re_extract(_NETWORK, 1))
    good = good.filter(good.place != "")
    span = ibis.interval(minutes=WITHIN_MINUTES)
    around = ibis.range_window(preceding=span, following=span, group_by="user", order_by="time")
    both = good.mutate(least=good.place.min().over(around), most=good.place.max().over(around))
    return both.filter(both.least != both.most).drop("least", "most", "place")


ANALYTIC: Final = Analytic(
    about=About(
        id="access.two_places_at_once",
        title="Account at work from two places at once",
        severity=Severity.MEDIUM,
        confidence=55,
        needs=(Need("logins", ("time", "user", "src_ip", "outcome"), "login on-success log"),),
        attack=(vocabulary.versioned("T1078"),),
        tags=("behaviour:A-11",),
        why="{user} logged in from two public networks within an hour, {src_ip} among them",
    ),
    subject=subjects.BY_VIEW["logins"],
    question=question,
)
