"""The process that sends (`serve-notify`): the outbox to its channels, silence to the next people, and the door."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import Final

from seawall.errors import SeawallError
from seawall.model.case import Case, open_case
from seawall.model.clock import Clock, SystemClock
from seawall.model.settings import Settings
from seawall.pipeline.cases import case_state
from seawall.service.detecting import settings_of
from seawall.service.door import open_in_thread
from seawall.service.planning import plan_escalations
from seawall.service.sending import send_due
from seawall.service.status import write_status
from seawall.state.outbox import Outbox

EVERY_S: Final = 1.0


def run(case_folder: Path, config: Path | None = None, *, clock: Clock | None = None) -> None:
    """Send until told to stop (SIGTERM). A taken port is said in the status; sending goes on without the door."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    clock = clock or SystemClock()
    case = open_case(case_folder, clock)
    settings = settings_of(case, config)
    door, trouble = None, ""
    while not stop.is_set():
        if door is None and settings.door.listen:
            try:
                door, _ = open_in_thread(case, settings, clock)
                trouble = ""
            except SeawallError as error:
                trouble = str(error)
        step(case, settings, clock, trouble)
        stop.wait(EVERY_S)
    if door is not None:
        door.shutdown()
        door.server_close()


def step(case: Case, settings: Settings, clock: Clock, trouble: str = "") -> dict[str, str]:
    """Send what is due, and say how it goes; returns channel → why it did not take it."""
    troubles: dict[str, str] = {}
    why = [trouble] if trouble else []
    try:
        with case_state(case, settings) as state:
            outbox = Outbox(state)
            plan_escalations(outbox, settings.notify, clock.now())
            troubles = send_due(outbox, settings, clock.now())
    except SeawallError as error:
        why.append(f"notices wait: {error}")
    why += [f"{channel}: {what}" for channel, what in sorted(troubles.items())]
    write_status(case.folder, "notify", {"health": "degraded" if why else "ok", "why": why})
    return troubles
