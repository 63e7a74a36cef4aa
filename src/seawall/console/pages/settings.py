"""Settings: what runs with which values, who may sign for what, and what the site file knows."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from seawall.console.pages.frame import Viewer, show
from seawall.console.reading import reading_of
from seawall.people.rules import built_in
from seawall.pipeline import versions

router = APIRouter(include_in_schema=False)


@router.get("/settings")
def settings(request: Request, _: Viewer) -> Response:
    """Everything that was set, secrets left out."""
    reading = reading_of(request)
    case, site = reading.desk.case, reading.site()
    register = reading.register()
    return show(
        request,
        "settings",
        topics="settings",
        case=case,
        site=site,
        sections=list(_sections(reading.desk.settings)),
        people=register.people,
        rules={**built_in(), **register.rules},
        versions=versions(),
        files=[(name, path.exists()) for name, path in (
            ("site.toml", case.site_file), ("seawall.toml", case.settings_file), ("people.toml", case.people_file),
            ("witnesses.policy", case.witness_policy), ("response.toml", case.folder / "response.toml"),
        )],
    )  # fmt: skip


def _sections(values: Any) -> Iterator[tuple[str, list[tuple[str, str, bool]]]]:
    """Each section: key, value as text, and whether it differs from the default."""
    loose: list[tuple[str, str, bool]] = []
    for field in _fields(values):
        value = getattr(values, field)
        if dataclasses.is_dataclass(value):
            default = _default(type(value))
            rows = [
                (
                    name,
                    _told(getattr(value, name)),
                    default is not None and getattr(value, name) != getattr(default, name),
                )
                for name in _fields(value)
            ]
            yield field, rows
        else:
            loose.append((field, _told(value), bool(value)))
    if loose:
        yield "", loose


def _fields(value: Any) -> list[str]:
    return [field.name for field in dataclasses.fields(value)]


def _default(kind: type) -> Any:
    try:
        return kind()
    except TypeError:
        return None


def _told(value: Any) -> str:
    """A value as text; a secret is only named."""
    text = str(value)
    return (
        "(a secret)" if "Secret" in type(value).__name__ else text if text not in ("", "()", "[]", "{}") else "\u2013"
    )
