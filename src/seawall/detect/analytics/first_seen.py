"""A login by an account, or from a place, that nobody knew: the first of either in the whole network.

The network must have told of three logins before. The pair is news for an hour from its first login, so that a walk
over several devices is told whole. What a site file trusts is known. Finer questions, about one device with a longer
memory, are asked by `new_source`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis

from seawall.detect import subjects, vocabulary
from seawall.detect.base import About, Analytic, Need
from seawall.model.severity import Severity
from seawall.model.site import Site

NETWORK_LOGINS: Final = 3  # earlier successful logins anywhere
YOUNG_MINUTES: Final = 60  # how long a pair nobody knew is news
_NO_DOOR: Final = ("network", "batch", "service", "unlock", "su", "sudo", "enable")


def question(views: Mapping[str, Any], site: Site) -> Any:
    """Logins in the first hour of a pair of account and place of which one was new to the network."""
    logins = views["logins"]
    good = logins.filter(logins.device.notnull() & logins.time.notnull() & logins.user.notnull())
    good = good.filter((good.outcome == "success") & (good.activity == "login"))
    good = good.filter(good.service.fill_null("").notin(_NO_DOOR)).mutate(place=good.src_ip.fill_null(""))
    order = ["time", "event_id"]
    ranked = good.mutate(
        before=ibis.row_number().over(ibis.window(order_by=order)),
        account_nth=ibis.row_number().over(ibis.window(group_by="user", order_by=order)),
        place_nth=ibis.row_number().over(ibis.window(group_by="place", order_by=order)),
        pair_nth=ibis.row_number().over(ibis.window(group_by=["user", "place"], order_by=order)),
    )
    unknown = (ranked.account_nth == 0) | ((ranked.place_nth == 0) & (ranked.place != ""))
    news = (ranked.pair_nth == 0) & unknown & (ranked.before >= NETWORK_LOGINS)
    pair = ibis.window(group_by=["user", "place"])
    told = ranked.mutate(news=ibis.ifelse(news, 1, 0).max().over(pair), since=ranked.time.min().over(pair))
    young = told.filter((told.news == 1) & (told.time <= told.since + ibis.interval(minutes=YOUNG_MINUTES)))
    young = young.select(*logins.columns)
    if not site.known:
        return young
    sources = young.select("src_ip").distinct().to_pyarrow()["src_ip"].to_pylist()
    trusted = [source for source in sources if source and site.is_trusted_source(source)]
    return young.filter(young.src_ip.isnull() | young.src_ip.notin(trusted)) if trusted else young


ANALYTIC: Final = Analytic(
    about=About(
        id="access.first_seen",
        title="Account or place nobody knew",
        severity=Severity.LOW,
        confidence=30,
        needs=(Need("logins", ("time", "device", "user", "src_ip", "outcome"), "login on-success log"),),
        attack=(vocabulary.versioned("T1078"),),
        tags=("behaviour:A-11",),
        why="{user} logged in to {device} from {src_ip}: account or place was never seen in the network before",
        learned=True,
    ),
    subject=subjects.BY_VIEW["logins"],
    question=question,
)
