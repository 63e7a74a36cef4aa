from __future__ import annotations

from typing import Any

import pytest

from seawall.detect.analytics.capture_file_deleted import ANALYTIC
from tests.detect.worlds import asked, typed, world

DAY = 86_400


@pytest.mark.parametrize(
    ("commands", "found"),
    [
        pytest.param(typed((0, "monitor capture c export flash:q.bin"), (9, "delete /force flash:q.bin")), 2, id="IOS"),
        pytest.param(
            typed((0, "monitor traffic interface em0 write-file /var/tmp/.z"), (9, "file delete /var/tmp/.z")),
            2,
            id="Junos",
        ),
        pytest.param(
            typed((0, "ethanalyzer local interface mgmt write bootflash:e"), (9, "delete bootflash:///e no-prompt")),
            2,
            id="NX-OS",
        ),
        pytest.param(
            typed((0, "ethanalyzer local interface mgmt write bootflash:e"), (9, "run bash rm -f /bootflash/e <cr>")),
            2,
            id="NX-OS, deleted from the shell",
        ),
        pytest.param(typed((0, "run tcpdump -i eth0 -w /tmp/x"), (9, "run rm /tmp/x")), 2, id="XR"),
        pytest.param(
            typed((0, "monitor capture c export flash:q.bin")) + typed((9, "delete flash:q.bin"), user="ops2"),
            2,
            id="two accounts",
        ),
        pytest.param(
            typed((0, "monitor capture c export flash:q.bin"), (DAY, "delete flash:q.bin")), 2, id="a day later"
        ),
        pytest.param(
            typed((0, "monitor capture c export flash:q.bin"), (DAY + 1, "delete flash:q.bin")), 0, id="after the day"
        ),
        pytest.param(
            typed((0, "monitor capture c export flash:q.bin")) + typed((9, "delete flash:q.bin"), device="pe2"),
            0,
            id="two devices",
        ),
        pytest.param(
            typed((0, "monitor capture c export flash:q.bin"), (9, "delete flash:old-image.bin")), 0, id="an old image"
        ),
        pytest.param(
            typed((0, "delete flash:q.bin"), (9, "monitor capture c export flash:q.bin")), 0, id="room made before"
        ),
        pytest.param(
            typed((0, "monitor capture c export flash:q.bin"), (9, "dir flash:q.bin")), 0, id="only looked at"
        ),
    ],
)
def test_a_capture_file_that_is_deleted_is_found_whatever_its_name(commands: list[dict[str, Any]], found: int) -> None:
    assert len(asked(ANALYTIC, world(commands))) == found
