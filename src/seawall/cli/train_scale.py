"""`seawall train scale` and `seawall train mint`: rate a message, and make practice of one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from seawall.cli.options import case_option, lines_option

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _elements(_: click.Context, __: click.Parameter, value: str) -> tuple[int, ...]:
    from seawall.training.scale import score

    if not value:
        return ()
    try:
        numbers = tuple(int(word) for word in value.replace(",", " ").split())
    except ValueError:
        raise click.BadParameter("five numbers, e.g. 6,4,2,4,0") from None
    score(numbers)
    return numbers


def _counts(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[str, int]:
    from seawall.training.scale import cue_id

    found = dict[str, int]()
    for value in values:
        name, _equals, number = value.rpartition("=")
        if not number.strip().isdecimal():
            raise click.BadParameter(f"{value!r}: write cue=number, e.g. urgency=2")
        found[cue_id(name.strip())] = int(number)
    return found


_ELEMENTS = click.option(
    "--elements", "--alignment", default="", callback=_elements,
    help="Premise alignment: five of 0, 2, 4, 6, 8, e.g. 6,4,2,4,0 (process, workplace, other events, consequences, "
    "less by training).",
)  # fmt: skip


@click.command()
@click.argument("message", type=_FILE, required=False)
@_ELEMENTS
@click.option(
    "--set", "--cue", "counts", multiple=True, callback=_counts, metavar="CUE=N",
    help="A count by a person, in place of the proposed one. May be given again.",
)  # fmt: skip
@click.option("--audience", default="", help="Whom the rating holds for, e.g. 'service desk'.")
@click.option("--confirmed-by", default="", help="Who looked at every count and confirms them. Without it: a proposal.")
@click.option("--text", "as_text", is_flag=True, help="MESSAGE is a plain text (a chat, an SMS), no .eml.")
@click.option("--cues", "list_cues", is_flag=True, help="List the scale's cues with their questions, and leave.")
@lines_option
@case_option
def scale(
    message: Path | None, elements: tuple[int, ...], counts: dict[str, int], audience: str, confirmed_by: str,
    as_text: bool, list_cues: bool, form: str, case_folder: Path,
) -> None:  # fmt: skip
    """Rate a message on the NIST Phish Scale: cues, premise alignment, difficulty.

    Counts a program makes of MESSAGE (.eml) are a proposal; give your own with --set and your name with --confirmed-by.
    Without MESSAGE the counts given are rated.

    \b
    Examples:
      seawall train scale suspicious.eml --elements 6,6,2,4,0
      seawall train scale --set urgency=2 --set sender=1 --elements 8,8,2,6,2 --confirmed-by a.lind
      seawall train scale --cues
    """
    from seawall.cli.output import write_lines
    from seawall.errors import UsageError
    from seawall.reporting.text import safe_terminal
    from seawall.training import scale as phish_scale
    from seawall.training.cues import BY_ID, CUES

    if list_cues:
        for cue in CUES:
            click.echo(f"{cue.id:15} {cue.name} ({cue.group}): {cue.question}")
        return
    if message is None and not counts:
        raise UsageError("nothing to rate", mend="name an .eml, or give counts: --set urgency=2")
    if not elements:
        raise UsageError("premise alignment is a person's judgement", mend="give --elements, e.g. 6,4,2,4,0")
    proposed = _proposed(message, as_text, case_folder) if message else None
    merged = {**(proposed.counts if proposed else {}), **counts}
    reasons = {cue: words for cue, words in (proposed.reasons if proposed else {}).items() if cue not in counts}
    rating = phish_scale.rate(merged, elements, confirmed_by=confirmed_by, audience=audience, reasons=reasons)
    unseen = [BY_ID[cue].name for cue in (proposed.not_counted if proposed else ()) if cue not in counts]
    if form == "jsonl":
        where = str(message) if message else None
        write_lines([{"file": where, **phish_scale.rating_to_dict(rating), "not_counted": unseen}])
        return
    click.echo(f"{rating.difficulty} ({rating.status})")
    click.echo(f"cues: {rating.total}, {rating.amount}; premise alignment: {rating.score}, {rating.alignment}")
    for name, count in rating.counts.items():
        words = "; ".join(rating.reasons.get(name, ()))
        click.echo(safe_terminal(f"  {count} {BY_ID[name].name}" + (f": {words}" if words else "")))
    for note in rating.notes:
        click.echo(note)
    if unseen:
        click.echo(f"A program cannot count: {', '.join(unseen)}. Look, and give them with --set.")
    if rating.status == "proposal":
        click.echo("A proposal: correct it with --set, and confirm it with --confirmed-by NAME.")


def _proposed(message: Path, as_text: bool, case_folder: Path) -> Any:
    from seawall.training.propose import propose

    return propose(_read(message, as_text), _own(case_folder))


def _read(message: Path, as_text: bool) -> Any:
    from seawall.training.propose import MAX_BYTES, MAX_TEXT, Read, read_message

    with message.open("rb") as file:
        raw = file.read(MAX_BYTES + 1)
    if as_text:
        return Read(raw.decode("utf-8", "replace")[:MAX_TEXT])
    return read_message(raw, where=str(message))


def _own(case_folder: Path) -> tuple[str, ...]:
    """One's own domains, where a case says them."""
    from seawall.model.case import is_case
    from seawall.model.settings import load_settings

    return load_settings(case_folder / "seawall.toml").training.domains if is_case(case_folder) else ()


@click.command()
@click.argument("message", type=_FILE)
@click.option("--id", "id_", required=True, help="Id of the new lesson: small letters, digits, hyphens.")
@click.option("--verdict", type=click.Choice(["phish", "spam", "wanted"]), required=True, help="What it was.")
@click.option("--title", default="", help="Title; default: its id.")
@click.option("--role", "roles", multiple=True, help="For whom; default: everybody. May be given again.")
@click.option("--topic", default="reported", show_default=True, help="The family it is repeated with.")
@_ELEMENTS
@click.option(
    "--replace", "replaced", multiple=True, metavar="OLD=NEW", help="A brand or word to replace. May be repeated."
)
@click.option("--confirmed-by", default="", help="Who read the result and confirms it; without it, it is a draft.")
@click.option("--text", "as_text", is_flag=True, help="MESSAGE is a plain text, no .eml.")
@case_option
def mint(
    message: Path, id_: str, verdict: Any, title: str, roles: tuple[str, ...], topic: str, elements: tuple[int, ...],
    replaced: tuple[str, ...], confirmed_by: str, as_text: bool, case_folder: Path,
) -> None:  # fmt: skip
    """Make a practice item of a reported MESSAGE: addresses, names, numbers and links replaced.

    Writes a draft (lessons/drafts/ID.md in the case) to be read by a person; with --confirmed-by it is put among the
    case's lessons and practised from then on. Words that name a brand or a person only you know: --replace OLD=NEW.

    \b
    Examples:
      seawall train mint reported.eml --id fake-invoice --verdict phish --elements 6,4,2,4,0
      seawall train mint reported.eml --id fake-invoice --verdict phish --elements 6,4,2,4,0 --confirmed-by a.lind
    """
    from seawall.cli.output import write_whole
    from seawall.errors import UsageError
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.training.lesson import ROLES
    from seawall.training.mint import mint as made_of

    if unknown := [role for role in roles if role not in ROLES]:
        raise UsageError(f"no role is called {unknown[0]!r}", mend=f"one of {', '.join(ROLES)}")
    chosen = [role for role in ROLES if role in roles]
    pairs = [pair.partition("=") for pair in replaced]
    if any(not equals or not old.strip() for old, equals, _ in pairs):
        raise UsageError("--replace takes OLD=NEW", mend="e.g. --replace 'Real Bank=Harbour Bank'")
    case = open_case(case_folder, SystemClock())
    text = made_of(
        _read(message, as_text), id_=id_, title=title or id_, verdict=verdict, topic=topic,
        roles=chosen or ["everybody"], own=_own(case_folder), elements=elements,
        replacements={old.strip(): new for old, _, new in pairs}, confirmed_by=confirmed_by,
    )  # fmt: skip
    folder = case.lessons if confirmed_by.strip() else case.lessons / "drafts"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = folder / f"{id_}.md"
    if target.exists() and confirmed_by.strip():
        raise UsageError(f"{id_} is there already", where=str(target), mend="give it another --id")
    write_whole(target, text)
    click.echo(
        f"{target}: written; {'practised from now on' if confirmed_by.strip() else 'a draft: read it, then confirm'}",
        err=True,
    )
