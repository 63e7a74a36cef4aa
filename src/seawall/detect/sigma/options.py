"""What an analyst gives beside the rules: values for placeholders, and field mappings."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from seawall.errors import InputError

MAX_VALUES_BYTES: Final = 16 << 20
MAX_VALUES: Final = 100_000  # of one placeholder


@dataclass(frozen=True, slots=True)
class Options:
    """How rules are read; two readings with equal options and files give the same plan."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # placeholder, without % → texts
    pipelines: tuple[tuple[str, str], ...] = ()  # (name, YAML text) of pySigma pipelines, in the order given

    @property
    def fingerprint(self) -> str:
        """A text that is the same for equal options, for keys of caches."""
        return json.dumps([{k: list(v) for k, v in sorted(self.values.items())}, list(self.pipelines)])


def read_options(values: Sequence[Path] = (), pipelines: Sequence[Path] = ()) -> Options:
    """Options from files: lists of values (YAML or JSON, `name: [texts]`; a later file wins) and pySigma pipelines.

    Raises:
        InputError: a file cannot be read, or holds something else.
    """
    found: dict[str, tuple[str, ...]] = {}
    for path in values:
        found.update(_values(path))
    return Options(found, tuple((path.name, _text(path)) for path in pipelines))


def _values(path: Path) -> dict[str, tuple[str, ...]]:
    try:
        held = yaml.safe_load(_text(path))
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark is not None else str(path)
        raise InputError("not YAML", where=where, mend="write lines such as `Administrators: [root, admin]`") from error
    if not isinstance(held, dict):
        raise InputError("no lists of values", where=str(path), mend="write `name: [text, …]`, a list a line")
    return {str(name).strip("%"): _listed(str(name), texts, path) for name, texts in held.items()}


def _listed(name: str, texts: Any, path: Path) -> tuple[str, ...]:
    listed = texts if isinstance(texts, list) else [texts]
    if not listed or len(listed) > MAX_VALUES or not all(isinstance(one, str | int | float) for one in listed):
        raise InputError(
            f"{name} is no list of 1 to {MAX_VALUES} texts", where=str(path), mend="write `name: [text, …]`"
        )
    return tuple(str(one).lower() if isinstance(one, bool) else str(one) for one in listed)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_VALUES_BYTES:
            raise InputError(f"more than {MAX_VALUES_BYTES} bytes", where=str(path), mend="split it")
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read: {error}", where=str(path), mend="check the file") from error
