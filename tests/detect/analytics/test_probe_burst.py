from __future__ import annotations

from typing import Any

import pytest

from seawall.detect.analytics.probe_burst import ANALYTIC
from tests.detect.worlds import asked, findings, typed, world


def probes(*targets: str, word: str = "ping", every: float = 20) -> list[tuple[float, str]]:
    return [(place * every, f"{word} {target}") for place, target in enumerate(targets)]


FIVE = [f"10.40.1.{n}" for n in range(1, 6)]


@pytest.mark.parametrize(
    ("commands", "found"),
    [
        pytest.param(typed(*probes(*FIVE)), 5, id="five targets"),
        pytest.param(typed(*probes(*FIVE, word="ssh -l ops1")), 5, id="five doors"),
        pytest.param(typed(*probes(*(f"{t} 22" for t in FIVE), word="telnet")), 5, id="telnet to the port of SSH"),
        pytest.param(typed(*probes(*FIVE[:4], *FIVE[:4])), 8, id="eight probes of four"),
        pytest.param(typed(*probes("vrf a 2001:db8::1", *FIVE[:4])), 5, id="one of them over IPv6"),
        pytest.param(typed(*probes(*FIVE[:3])), 0, id="an engineer pings three hosts"),
        pytest.param(typed(*probes(*FIVE[:3] * 4)), 0, id="an engineer pings three hosts again and again"),
        pytest.param(typed(*probes(*FIVE[:1] * 30)), 0, id="one host is watched"),
        pytest.param(typed(*probes(*FIVE, every=400)), 0, id="spread over the morning"),
        pytest.param(typed(*probes(*FIVE[:3])) + typed(*probes(*FIVE[3:]), user="ops2"), 0, id="two people"),
        pytest.param(typed(*probes(*FIVE[:3])) + typed(*probes(*FIVE[3:]), device="pe2"), 0, id="two devices"),
        pytest.param([], 0, id="nothing"),
    ],
)
def test_a_search_is_told_from_a_look(commands: list[dict[str, Any]], found: int) -> None:
    assert len(asked(ANALYTIC, world(commands))) == found


def test_the_finding_says_how_many() -> None:
    (finding,) = findings(ANALYTIC, world(typed(*probes(*FIVE))))
    assert finding.why == "ops1 probed 5 addresses or more from pe1 within 10 minutes"
