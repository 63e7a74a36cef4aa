"""A host that calls one server at an even beat, where nothing speaks for a harmless timer.

Evenness alone says little: NTP, polling and update checks tick too. What counts is weighed in
`detect.traffic.suspicion`, and every weight is told.

False positives: an application that only one host runs and that checks its maker's server looks just like this. Look
at who owns the server; several hosts calling it lower the score by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import ibis

from seawall.detect import vocabulary
from seawall.detect.base import About, Analytic
from seawall.detect.subjects import Naming
from seawall.detect.tables import settled
from seawall.detect.traffic import beats, suspicion, telling
from seawall.detect.traffic.beats import PAIR
from seawall.model.severity import Severity
from seawall.model.site import Site

_FLOW: Final = telling.subject()
_TERMS: Final = ("score", "evenness", "calls", "period", "missed", "sharing", "benign", "terms")

_SUBJECT: Final = replace(
    telling.subject("name", *_TERMS), entities=(*_FLOW.entities, Naming(("name",), "domain", "target"))
)


def question(views: Mapping[str, Any], site: Site) -> Any:
    """First flows of every pair whose beat is suspicious, with the score and its terms."""
    pairs = settled(suspicion.ranked(views, site))
    pairs = pairs.filter(pairs.score >= suspicion.TELLING)
    pairs = pairs.mutate(terms=suspicion.words(pairs)).select(*PAIR, *_TERMS)
    rows = beats.series(views)
    rows = rows.filter(~rows.turned).join(pairs, list(PAIR))
    rows = rows.mutate(name=ibis.ifelse(rows.by_name, rows.server, ibis.null("string")))
    return telling.evidence(rows, PAIR, ("name", *_TERMS))


ANALYTIC: Final = Analytic(
    about=About(
        id="flows.beacon",
        title="Even calls to a server few others know",
        severity=Severity.MEDIUM,
        confidence=65,
        needs=telling.needs(unsampled=True),
        attack=(vocabulary.versioned("T1071"), vocabulary.versioned("T1571")),
        tags=("behaviour:N-12",),
        why=(
            "{src_ip} called {dst_ip} port {dst_port} {calls} times, every {period} s (score {score}: evenness "
            "{evenness}, missed {missed}; hosts that call it: {sharing}; for a harmless timer: {terms})"
        ),
        gap=telling.LASTING,
        learned=True,
    ),
    subject=_SUBJECT,
    question=question,
)
