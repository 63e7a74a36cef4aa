"""How each process of the service fares: one small JSON file each in `service/` of the case, replaced as a whole.

`/healthz`, `/metrics`, the console and `seawall serve --status` read them. A file that is older than `STALE_S` tells
of a process that hangs or is gone, whatever it says.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any, Final

STALE_S: Final = 15.0
FOLDER: Final = "service"
MAX_BYTES: Final = 16 << 20


def write_status(case_folder: Path, name: str, said: dict[str, Any]) -> None:
    """Say how process `name` fares. A disk that takes nothing keeps nobody from working: the file grows stale.

    `said` has at least `health` ("ok" or "degraded") and `why` (a list of sentences, empty if all is well).
    """
    folder = case_folder / FOLDER
    path = folder / f"{name}.json"
    unfinished = folder / f"{name}.{os.getpid()}.partial"
    text = json.dumps({"name": name, "pid": os.getpid(), "at": time.time(), **said}, sort_keys=True)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        unfinished.write_text(text, encoding="utf-8")
        os.replace(unfinished, path)
    except OSError:
        unfinished.unlink(missing_ok=True)


def read_status(case_folder: Path) -> dict[str, dict[str, Any]]:
    """What every process last said, by name; one that said nothing for `STALE_S` is `stale`."""
    found: dict[str, dict[str, Any]] = {}
    folder = case_folder / FOLDER
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        try:
            with path.open("rb") as file:
                said = json.loads(file.read(MAX_BYTES))
        except (OSError, ValueError, RecursionError):
            continue
        if isinstance(said, dict) and "health" in said:
            age = time.time() - float(said.get("at", 0.0))
            found[path.stem] = said | {"age_s": round(age, 3), "stale": abs(age) > STALE_S}
    return found
