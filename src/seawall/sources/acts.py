"""What lines say somebody did, as columns: asks `platforms` only for the lines whose name has a meaning."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from seawall.platforms import meaning
from seawall.platforms.acts import Act
from seawall.platforms.commands import normalise
from seawall.sources import columns as cut
from seawall.sources.times import Ints

LONGEST_MESSAGE: Final = 8_192  # characters; longer ones are kept and told of, but not interpreted: they may be traps
_ANYWHERE: Final = re.compile(
    r"(?:info|commit|compare|discard|validate|exit|back|top|quit-config|pwc|tree|show|admin|file|ping|traceroute|ssh|"
    r"telnet|environment|history|logout|clear|monitor|tools|oam|edit-config|update|rollback|configure|!)(?:\s|$)"
)
Numbered = tuple[Ints, list[str | None]]


class Acts(NamedTuple):
    """The acts found, the rows they stand in (ascending), and each one's platform."""

    rows: Ints
    acts: list[Act]
    platforms: list[str | None]

    @classmethod
    def of(
        cls,
        messages: pa.Array,
        mnemonics: Numbered,
        platforms: Numbered,
        programs: tuple[Ints, list[str]],
        joined: Mapping[int, str] = MappingProxyType({}),
    ) -> Acts:
        """The acts in a block of messages, each column given as numbers and the values they stand for.

        `joined` holds the whole text for rows whose sender cut it into several.
        """
        depth, width = len(platforms[1]), len(programs[1])
        questions, which = np.unique((mnemonics[0] * depth + platforms[0]) * width + programs[0], return_inverse=True)
        readers, of = [], []
        for question in questions.tolist():
            rest, program = divmod(question, width)
            mnemonic, platform = divmod(rest, depth)
            of.append(platforms[1][platform])
            readers.append(meaning(mnemonics[1][mnemonic], of[-1], programs[1][program] or None))
        rows, acts, said_by = [], [], []
        for question, reader in enumerate(readers):
            if reader is None:
                continue
            asked = np.flatnonzero(which == question)
            texts = messages.take(pa.array(asked)).to_pylist()
            if joined:
                texts = [joined.get(row, text) for row, text in zip(asked.tolist(), texts, strict=True)]
            read = [reader(text) if len(text) <= LONGEST_MESSAGE else None for text in texts]
            told = [act for act in read if act is not None]
            if told:
                rows.append(asked if len(told) == len(read) else asked[[act is not None for act in read]])
                acts += told
                said_by += [of[question]] * len(told)
        places = np.concatenate(rows) if rows else np.zeros(0, np.int64)
        order = np.argsort(places)
        in_order = order.tolist()
        return cls(places[order], [acts[i] for i in in_order], [said_by[i] for i in in_order])


def _from_root(section: str | None, command: str, platform: str | None) -> str:
    """The command with the path it was given in, where the platform writes all of it (the model-driven SR OS).

    Its operational commands (`info`, `commit`, `/show …`) are the same wherever they are given.
    """
    if platform != "sros" or section is None or not section.startswith(("configure", "bof")):
        return command
    if command.startswith("/") or _ANYWHERE.match(command):
        return command
    return f"{section} {command}"


def act_columns(count: int, found: Acts) -> dict[str, pa.Array]:
    """The columns of `count` rows that tell acts: activity, outcome, service, user, addresses, command and the rest."""
    whole = dict(zip(Act._fields, zip(*found.acts, strict=True), strict=True)) if found.acts else {}
    made = {name: cut.scattered(count, found.rows, whole.get(name, ())) for name in Act._fields}
    commands = [
        normalise(_from_root(act.section, act.command_raw, platform), platform) if act.command_raw else None
        for act, platform in zip(found.acts, found.platforms, strict=True)
    ]
    sections = [
        " ; ".join(normalise(part, platform) for part in act.section.split(" ; ")) if act.section else None
        for act, platform in zip(found.acts, found.platforms, strict=True)
    ]
    made["command"] = cut.scattered(count, found.rows, commands)
    made["section"] = cut.scattered(count, found.rows, sections)
    return made
