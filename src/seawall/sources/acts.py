"""What lines say somebody did, as columns: asks `platforms` only for the lines whose name has a meaning."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from seawall.platforms import meaning
from seawall.platforms.acts import Act
from seawall.platforms.commands import normalise
from seawall.sources import columns as cut
from seawall.sources.times import Ints

Numbered = tuple[Ints, list[str | None]]


class Acts(NamedTuple):
    """The acts found, the rows they stand in, and each row's platform."""

    rows: Ints
    acts: list[Act]
    platforms: list[str | None]

    @classmethod
    def of(cls, messages: pa.Array, mnemonics: Numbered, platforms: Numbered, programs: tuple[Ints, list[str]]) -> Acts:
        """The acts in a block of messages, each column given as numbers and the values they stand for."""
        depth, width = len(platforms[1]), len(programs[1])
        questions, which = np.unique((mnemonics[0] * depth + platforms[0]) * width + programs[0], return_inverse=True)
        readers, of = [], []
        for question in questions.tolist():
            rest, program = divmod(question, width)
            mnemonic, platform = divmod(rest, depth)
            of.append(platforms[1][platform])
            readers.append(meaning(mnemonics[1][mnemonic], of[-1], programs[1][program] or None))
        may = np.array([reader is not None for reader in readers], np.bool_)[which]
        candidates = np.flatnonzero(may)
        rows, acts, said_by = [], [], []
        texts = messages.take(pa.array(candidates)).to_pylist()
        for row, question, text in zip(candidates.tolist(), which[candidates].tolist(), texts, strict=True):
            reader = readers[question]
            if reader is not None and (act := reader(text)) is not None:
                rows.append(row)
                acts.append(act)
                said_by.append(of[question])
        return cls(np.array(rows, np.int64), acts, said_by)


def act_columns(count: int, found: Acts) -> dict[str, pa.Array]:
    """The columns of `count` rows that tell acts: activity, outcome, service, line, user, addresses, command, section."""
    whole = dict(zip(Act._fields, zip(*found.acts, strict=True), strict=True)) if found.acts else {}
    made = {name: cut.scattered(count, found.rows, whole.get(name, ())) for name in Act._fields}
    commands = [
        normalise(act.command_raw, platform) if act.command_raw else None
        for act, platform in zip(found.acts, found.platforms, strict=True)
    ]
    sections = [
        " ; ".join(normalise(part, platform) for part in act.section.split(" ; ")) if act.section else None
        for act, platform in zip(found.acts, found.platforms, strict=True)
    ]
    made["command"] = cut.scattered(count, found.rows, commands)
    made["section"] = cut.scattered(count, found.rows, sections)
    return made
