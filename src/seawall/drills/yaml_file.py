"""A YAML file as plain values, and the line on which each of them stands: complaints can then say where."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from seawall.errors import InputError

MAX_BYTES: Final = 1 << 20
MAX_VALUES: Final = 100_000  # aliases count each time they are used: a bomb of them is refused
Lines = Mapping[tuple[str | int, ...], int]  # line of each key path, `()` of the whole


def read(path: Path) -> tuple[dict[str, Any], Lines]:
    """The mapping a file holds, and its lines.

    Raises:
        InputError: it cannot be read, is too large, or is no YAML mapping.
    """
    import yaml

    where = str(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError("a scenario is at most 1 MiB", where=where, mend="split it into several drills")
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        lines: dict[tuple[str | int, ...], int] = {(): 1}
        _walk(node, (), lines, where)
        raw = yaml.safe_load(text)
    except OSError as error:
        raise InputError(error.strerror or str(error), where=where, mend="check the path") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = f":{mark.line + 1}" if mark else ""
        raise InputError(str(error.problem), where=where + line, mend="mend the YAML there") from error
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise InputError(" ".join(str(error).split())[:300], where=where, mend="mend the YAML there") from error
    if not isinstance(raw, dict):
        raise InputError("a scenario is a mapping", where=where, mend="begin it with `id: ...`")
    return raw, lines


def _walk(node: Any, at: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int], where: str) -> None:
    import yaml

    if len(lines) > MAX_VALUES or len(at) > 20:
        raise InputError("too many values, or nested too deeply", where=where, mend="write it without so many aliases")
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen and name != "<<":
                what = f"{name} is said twice"
                raise InputError(what, where=f"{where}:{key.start_mark.line + 1}", mend="keep one of them")
            seen.add(name)
            lines.setdefault((*at, name), key.start_mark.line + 1)
            _walk(value, (*at, name), lines, where)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            lines.setdefault((*at, number), value.start_mark.line + 1)
            _walk(value, (*at, number), lines, where)
