"""Clocks compared over the whole case: records that two sources hold of one and the same thing.

The same message in a device's own file and in a relay's (same mnemonic, counter and text), the same command in a
device's log and in TACACS+ accounting (same account and command, met once in each). The median of the differences says
how the clocks stand to each other; pairs that do not agree say nothing. Asked in the lake, so memory is the lake's; of
very many rows a fixed share is looked at, the same at every run.
"""

from __future__ import annotations

from typing import Final

from seawall.engine.lake import Lake
from seawall.sources.clockwatch import SKEW_S, length_text

ROWS_LOOKED_AT: Final = 2_000_000
FEWEST: Final = 3  # pairs that must agree
AGREE_S: Final = 60  # quartiles further apart than this are no constant difference
MOST: Final = 20  # sentences

_USABLE: Final = "time IS NOT NULL AND time_quality NOT IN ('unset', 'missing')"
_FILE: Final = "regexp_replace(origin, ':[0-9]+$', '')"

_MESSAGES: Final = f"""
WITH pairs AS (
  SELECT any_value(observer) AS who, min({_FILE}) AS one, max({_FILE}) AS other,
         epoch_us(arg_max(time, {_FILE})) - epoch_us(arg_min(time, {_FILE})) AS apart
  FROM syslog
  WHERE {_USABLE} AND mnemonic IS NOT NULL AND sequence IS NOT NULL AND hash(mnemonic, sequence) % ? = 0
  GROUP BY mnemonic, sequence, message
  HAVING count(*) = 2 AND min({_FILE}) <> max({_FILE})
)
SELECT who, one, other, count(*) AS pairs, CAST(median(apart) AS BIGINT) AS apart FROM pairs WHERE who IS NOT NULL
GROUP BY who, one, other
HAVING count(*) >= ? AND quantile_cont(apart, 0.75) - quantile_cont(apart, 0.25) <= ? AND abs(median(apart)) >= ?
ORDER BY pairs DESC, who, one, other LIMIT ?
"""  # noqa: S608 - nothing but constants of this file is put in

_ONCE: Final = """
  SELECT lower("user") AS who, command, any_value(time) AS at, any_value(observer) AS observer FROM {kind}
  WHERE {usable} AND activity = 'command' AND "user" IS NOT NULL AND length(command) >= 8 AND hash(command) % ? = 0
  GROUP BY 1, 2 HAVING count(*) = 1
"""

_COMMANDS: Final = f"""
WITH accounted AS ({_ONCE.format(kind="tacacs", usable=_USABLE)}),
logged AS ({_ONCE.format(kind="syslog", usable=_USABLE)}),
pairs AS (
  SELECT logged.observer AS who, accounted.observer AS device, epoch_us(logged.at) - epoch_us(accounted.at) AS apart
  FROM logged JOIN accounted USING (who, command)
  WHERE abs(epoch_us(logged.at) - epoch_us(accounted.at)) <= 93600000000
)
SELECT who, device, device, count(*) AS pairs, CAST(median(apart) AS BIGINT) AS apart FROM pairs
WHERE who IS NOT NULL AND device IS NOT NULL GROUP BY who, device
HAVING count(*) >= ? AND quantile_cont(apart, 0.75) - quantile_cont(apart, 0.25) <= ? AND abs(median(apart)) >= ?
ORDER BY pairs DESC, who, device LIMIT ?
"""  # noqa: S608 - nothing but constants of this file is put in


def compare(lake: Lake) -> tuple[str, ...]:
    """What the case's records say of its clocks, one sentence each, the best supported first. Raises LakeError."""
    kinds = lake.kinds()
    if "syslog" not in kinds:
        return ()
    limits = (FEWEST, AGREE_S * 1_000_000, SKEW_S * 1_000_000, MOST)
    share = _share(kinds["syslog"])
    said: list[tuple[int, str]] = []
    with lake.connect() as con:
        for who, one, other, pairs, apart in con.execute(_MESSAGES, [share, *limits]).fetchall():
            first, second = (other, one) if apart > 0 else (one, other)
            said.append((pairs, _of_files(who, first, second, abs(apart), pairs)))
        if "tacacs" in kinds:
            shares = [_share(kinds["tacacs"] + kinds["syslog"])] * 2
            for who, device, _, pairs, apart in con.execute(_COMMANDS, [*shares, *limits]).fetchall():
                said.append((pairs, _of_commands(who, device, apart, pairs)))
    return tuple(text for _, text in sorted(said, key=lambda one: -one[0])[:MOST])


def _share(rows: int) -> int:
    return max(1, rows // ROWS_LOOKED_AT)


def _of_files(who: str, first: str, second: str, apart: int, pairs: int) -> str:
    return (
        f"clock of {_shown(who)}: its messages stand {length_text(apart)} later in {_shown(first)} than in "
        f"{_shown(second)} (median of {pairs:,} seen in both)"
    )


def _of_commands(who: str, device: str, apart: int, pairs: int) -> str:
    way = "ahead of" if apart > 0 else "behind"
    return (
        f"clock of {_shown(who)} stands {length_text(abs(apart))} {way} the accounting of {_shown(device)} "
        f"(median of {pairs:,} commands seen in both)"
    )


def _shown(text: str) -> str:
    return "".join(c if c.isprintable() else "·" for c in text[:80])
