"""The matrix of behaviours: which detectors look for each, in which telemetry, on which platforms, or why none can."""

from __future__ import annotations

from seawall.detect import catalogue, remedies, vocabulary
from seawall.detect import rules as rulebook
from seawall.detect.base import About
from seawall.model.behaviours import STAGE_BY_LETTER
from tools.reference.markdown import cell, code, page, table

_FEW = 6  # detectors named in a cell


def write() -> str:
    """Every behaviour of the knowledge base, by stage."""
    by_behaviour: dict[str, list[About]] = {}
    for about in catalogue(rulebook.load()):
        for behaviour in about.behaviours:
            by_behaviour.setdefault(behaviour, []).append(about)
    known = vocabulary.behaviours()
    seen = sum(key in by_behaviour for key in known)
    intro = (
        f"What intruders into carriers do: {len(known)} behaviours, {seen} of them with a detector. One without "
        "shows in telemetry that Seawall does not read yet, or cannot: the last column says which. What a case "
        "could have seen on each device, and what would change it at what price, says `seawall coverage`. Strength is "
        "that of one sighting alone: H high, M medium, L low. Platforms are those whose lines to switch the telemetry "
        "on are known to `seawall coverage`; detectors read what others send as well."
    )
    basis = ", ".join(
        f"{word} ({mark}): {sum(known[k].basis == mark and k in by_behaviour for k in known)} of "
        f"{sum(one.basis == mark for one in known.values())}"
        for mark, word in (("V", "seen in primary data"), ("S", "from summaries"), ("B", "background"))
    )
    intro += f" Detectors by the ground of what is known of the behaviour: {basis}."
    parts = []
    for letter, stage in STAGE_BY_LETTER.items():
        rows = [
            _row(one, by_behaviour.get(key, [])) for key, one in sorted(known.items()) if key.startswith(f"{letter}-")
        ]
        if rows:
            heads = ("id", "behaviour", "ATT&CK", "strength", "detectors", "telemetry", "platforms, or why not seen")
            parts += [f"## {stage.capitalize()}", table(heads, rows)]
    return page("Behaviours and what sees them", intro, *parts)


def _row(one: vocabulary.Behaviour, abouts: list[About]) -> tuple[str, ...]:
    head = (one.id, cell(one.title), cell(vocabulary.versioned(one.attack)), one.strength)
    if not abouts:
        return (*head, "none", "", cell(f"no detector yet; it shows in: {one.telemetry}"))
    titles = sorted({about.title for about in abouts})
    more = f"; and {len(titles) - _FEW} more" if len(titles) > _FEW else ""
    telemetry = sorted({remedies.telemetry_of(need) for about in abouts for need in about.needs})
    views = sorted({need.view for about in abouts for need in about.needs})
    platforms = sorted({name for each in telemetry for name in remedies.platforms_with(each)})
    words = ", ".join(remedies.titles().get(each, each) for each in telemetry)
    return (
        *head,
        cell("; ".join(titles[:_FEW]) + more),
        f"{cell(words)} ({', '.join(code(view) for view in views)})",
        cell(", ".join(platforms) or "any that sends it"),
    )
