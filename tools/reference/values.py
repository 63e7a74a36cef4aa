"""The pages about events, findings, incidents, files and exit codes, asked from the model."""

from __future__ import annotations

import dataclasses

from seawall import errors
from seawall.model import events
from seawall.model.coverage import Coverage
from seawall.model.entities import ENTITY_TYPES, ROLES, Entity
from seawall.model.events import Column
from seawall.model.finding import FINDING_SCHEMA, Evidence, Finding
from seawall.model.incident import INCIDENT_SCHEMA, Incident, Join, Stage
from seawall.model.settings import Settings
from seawall.model.severity import Severity
from seawall.model.site import Site
from tools.reference.fields import Field, fields_of
from tools.reference.markdown import cell, code, page, table


def columns(listed: tuple[Column, ...]) -> str:
    """A table of an event table's columns."""
    return table(("column", "type", "meaning"), [(code(c.name), c.type, cell(c.doc)) for c in listed])


def write_events() -> str:
    """Every event table, its columns and units."""
    intro = (
        "Every record of evidence becomes one row of one of these tables. Times are UTC with microseconds. A column "
        "is empty where the record does not say. Secrets are masked before a row exists."
    )
    parts = ["## Columns every table has", columns(events.COMMON)]
    for kind in events.KINDS:
        more = "\nColumns the evidence adds are kept beside these, as text.\n" if kind.open_ended else ""
        parts += [f"## {kind.name}", kind.doc, columns(kind.columns), more]
    return page("Event tables", intro, *(part for part in parts if part))


def write_findings() -> str:
    """The JSON of findings and incidents, field by field."""
    intro = (
        f"`--format jsonl` prints one finding per line with exactly these fields (shape {FINDING_SCHEMA}; incidents: "
        f"shape {INCIDENT_SCHEMA}). Times are RFC 3339 in UTC with microseconds. Severities, in order: "
        + ", ".join(s.word for s in Severity)
        + ". A finding keeps its `id` when evidence is moved, read again or arrives in another order."
    )
    entities = f"Types: {', '.join(sorted(ENTITY_TYPES))}. Roles: {', '.join(sorted(ROLES))}."
    parts = [_fields_table(kind) for kind in (Finding, Evidence, Entity, Incident, Stage, Join, Coverage)]
    return page("Findings and incidents", intro, *parts, entities)


def write_settings() -> str:
    """Every key of `seawall.toml`."""
    intro = (
        "`seawall.toml` stands in the case folder; a key that is not there has its default, an unknown key is refused. "
        "Secrets never stand in it: write `env:NAME` or `file:PATH`. `seawall init` writes a commented example."
    )
    return page("seawall.toml", intro, *_file_tables(Settings, ""))


def write_site() -> str:
    """Every key of `site.toml`."""
    intro = (
        "`site.toml` says what your network is: which devices, people and networks belong. With it findings are exact; "
        "without it Seawall learns what is usual and marks every such conclusion `learned`. Unknown keys are refused, "
        "so a slip never widens what is trusted. `seawall init` writes a commented example."
    )
    return page("site.toml", intro, *_file_tables(Site, ""))


def write_exit_codes() -> str:
    """What the program's exit codes mean."""
    rows = [("0", "Done. Rejected records and broken rules leave 0 too, unless `--strict`.")]
    rows.append((str(errors.SeawallError.exit_code), "Our own fault, or the machine's."))
    rows += sorted((str(kind.exit_code), cell(_first_line(kind))) for kind in errors.SeawallError.__subclasses__())
    rows.append(("10", "Only with `--fail-on SEVERITY`: findings of that severity or above."))
    rows.append(("130", "Stopped by the user; what was committed before stays."))
    return page("Exit codes", "What a script may rely on.", table(("code", "meaning"), rows))


def _first_line(kind: type) -> str:
    return (kind.__doc__ or "").strip().splitlines()[0]


def _fields_table(kind: type) -> str:
    rows = [(code(f.name), cell(f.kind), cell(f.doc)) for f in fields_of(kind)]
    return f"## {kind.__name__}\n\n{_first_line(kind)}\n\n" + table(("field", "type", "meaning"), rows)


def _file_tables(kind: type, place: str) -> list[str]:
    """Tables of a TOML file's keys, the file's own first, then each table it may hold."""
    own: list[Field] = []
    inner: list[tuple[str, type]] = []
    for field in fields_of(kind):
        if field.inner is not None and _is_table(field.inner):
            many = field.kind.startswith("list of")
            name = f"{place}{field.name}"
            inner.append((f"[[{name}]]" if many else f"[{name}]", field.inner))
        else:
            own.append(field)
    rows = [(code(f.name), cell(_as_toml(f)), code(f.default), cell(f.doc)) for f in own]
    heading = "" if place else "## At the top of the file\n\n"
    parts = [heading + table(("key", "type", "default", "meaning"), rows)] if rows else []
    for title, found in inner:
        parts.append(f"## {title}\n\n{_first_line(found)}")
        parts += _file_tables(found, title.strip("[]") + ".")
    return parts


def _is_table(kind: type) -> bool:
    """Whether a dataclass is a table of the file; a `Secret` is one reference, written as text."""
    return dataclasses.is_dataclass(kind) and kind.__name__ != "Secret"


def _as_toml(field: Field) -> str:
    return field.kind.replace("Secret", "env:NAME or file:PATH").replace(" or nothing", "")
