"""One court order of a registry: its fields by their many names, its targets on their way to the vault, its row."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson

from seawall.errors import InputError
from seawall.model.finding import utc_text
from seawall.sources.base import Reading
from seawall.sources.json_places import Placed, Twice
from seawall.sources.records import NEVER, When, read_time
from seawall.sources.scrubbing import Scrub, whole
from seawall.vault.client import Target

RECORD_LIST: Final = frozenset({"warrants", "courtorders", "orders"})
ORDER_NAMES: Final = frozenset({"warrantid", "targets", "target", "liid"})  # an object with one of these is an order
MAX_TARGETS: Final = 100_000  # of one order
_TEXTS: Final = {  # what a column is called in registries, squeezed
    "warrant_id": ("warrantid", "warrant", "orderid", "id"),
    "liid": ("liid",),
    "order_type": ("ordertype", "type"),
    "agency_id": ("agencyid", "agency", "lea"),
    "jurisdiction": ("jurisdiction",),
    "order_scope": ("scope",),
    "status": ("status",),
    "desired_status": ("desiredstatus",),
    "mediator": ("mediator",),
}
_PEOPLE: Final = {"authority": ("authority", "court"), "signed_by": ("signedby",), "presented_by": ("presentedby",)}
_TIMES: Final = {
    "valid_from": ("validfrom",),
    "valid_to": ("validto", "validuntil"),
    "emergency_order_due": ("emergencyorderdue",),
    "desired_since": ("desiredsince",),
}
_REST: Final = frozenset(
    {"targets", "target", "renewals", "amendments", "confirmation", "delivery", "xids", "xid", "nativeid",
     "networkelements", "flags", "defaultcountrycode"}
)  # fmt: skip
_KNOWN: Final = _REST | {name for names in (*_TEXTS.values(), *_PEOPLE.values(), *_TIMES.values()) for name in names}
_KEYS: Final = ("warrant_id", "liid", "native_value")  # joins: never masked, but committed if they tell a target
_ENDS: Final = frozenset({"validto", "validuntil"})  # a date alone means the end of its day
_FORMS: Final = ("format", "type", "kind", "form")
_VALUES: Final = ("value", "identifier", "id", "number", "address")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")


@lru_cache(maxsize=8_192)
def squeezed(name: str) -> str:
    """A field's name without case, spaces, hyphens and underscores."""
    return re.sub(r"[\W_]+", "", name).lower()


def plain(value: Any) -> str:
    """A value as text: trimmed, whole numbers without a fraction, half characters replaced."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return whole(text).strip()


class Frame:
    """What a registry says of itself beside its orders."""

    def __init__(self, raw: Mapping[str, Any], reading: Reading) -> None:
        self._raw = {squeezed(name): value for name, value in raw.items()}
        self._names = list(raw)
        self._reading = reading
        self.zone_assumed = False
        self._zone = _zone(self._raw.get("registrytz"))
        self.country = plain(self._raw.get("defaultcountrycode") or "")
        self.as_of, self.quality = self._moment(self._raw.get("asof"))

    def instant(self, value: Any, *, end: bool = False) -> int | None:
        """UTC microseconds of a time as registries write it; None if it is none."""
        micros, quality = self._moment(value, end=end)
        self.zone_assumed |= quality == "zone_assumed"
        return micros

    def notes(self, orders: list[Order], scrub: Scrub) -> tuple[str, ...]:
        """What a reader of the rows should know, one line each."""
        beside = [n for n in self._names if squeezed(n) not in ("asof", "registrytz", "defaultcountrycode", "operator")]
        unknown = sorted({*(scrub.free(n)[:60] for n in beside), *(n for order in orders for n in order.unknown)})
        doubtful = sum(bool(made["why"]) for order in orders for made in order.committed.values())
        notes = []
        if unknown:
            shown = ", ".join(unknown[:20]) + (f" and {len(unknown) - 20} more" if len(unknown) > 20 else "")
            notes.append(f"fields kept that the dictionary does not know: {shown}")
        if doubtful:
            notes.append(f"{doubtful} identifiers not understood: committed as written, see `why` in `targets`")
        if self.zone_assumed:
            notes.append("times without a zone were taken as UTC; say registry_tz beside the orders")
        return tuple(notes)

    def _moment(self, value: Any, *, end: bool = False) -> When:
        if value is None or isinstance(value, bool | dict | list):
            return NEVER
        text = plain(value)
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return read_time(text, self._reading)
        if end and _DATE.fullmatch(text):
            moment = datetime.combine(moment.date(), time.max)
        if moment.tzinfo is not None:
            return When(_micros(moment), "exact")
        quality = "zone_assumed" if self._zone is None else "exact"
        return When(_micros(moment.replace(tzinfo=self._zone or _UTC)), quality)


class Order:
    """One record. Its targets are gathered first, committed by the caller, and only then is there a row."""

    def __init__(self, number: int, placed: Placed, frame: Frame) -> None:
        raw = placed.value
        if not isinstance(raw, dict):
            raise InputError("an order that is no object")
        if _twice(raw):
            raise InputError("a field stands twice in this order: which is meant cannot be said")
        self.number, self.placed, self._frame = number, placed, frame
        self._fields = {squeezed(name): value for name, value in raw.items()}
        self._names = {squeezed(name): name for name in raw}
        self.targets: list[tuple[str, Target]] = []  # country, identifier
        self.committed: dict[int, dict[str, Any]] = {}  # by position in `targets`
        self.replaced: dict[str, str] = {}
        self.troubles: list[str] = []
        self.unknown: list[str] = []
        self._country = plain(self._fields.get("defaultcountrycode") or "") or frame.country
        key = "targets" if "targets" in self._fields else "target"
        self._first = self._gather(self._fields.get(key), f"/{_escaped(self._names.get(key, key))}")
        self._amended = self._gather_amendments()

    def clear_values(self) -> Iterator[str]:
        """Every identifier of the order in clear."""
        return (target.value for _, target in self.targets)

    def telltale(self, scrub: Scrub) -> list[tuple[str, Target]]:
        """Keys of this order that hold an identifier of the file, to be committed in its place."""
        placed = self.placed
        found = [(name, self._key(name)) for name in _KEYS]
        return [
            (name, Target(name, value, placed.offset, placed.length, self._place(name)))
            for name, value in found
            if value and scrub.known(value) != value
        ]

    def row(self, scrub: Scrub) -> dict[str, Any]:
        """The columns of kind `warrants`, no identifier in clear."""
        row: dict[str, Any] = {name: self._text(names, scrub.known) for name, names in _TEXTS.items()}
        row |= {name: self._text(names, scrub.free) for name, names in _PEOPLE.items()}
        row |= {name: self._instant(names) for name, names in _TIMES.items()}
        delivery, confirmation = self._object("delivery"), self._object("confirmation")
        row |= {name: _scrubbed(delivery.get(name), scrub.known) for name in ("hi2", "hi3")}
        row |= {f"confirmation_{n}": _scrubbed(confirmation.get(n), scrub.free) for n in ("method", "status")}
        row["native_kind"] = _scrubbed(self._object("nativeid").get("kind"), scrub.known)
        row |= {name: self.replaced.get(name) or self._key(name) or None for name in _KEYS}
        row["xids"] = _json([_xid(scrub.known(plain(xid))) for xid in self._list("xids") + self._list("xid")])
        row["network_elements"] = _json([scrub.known(plain(one)) for one in self._list("networkelements")])
        row["flags"] = _json([scrub.value(flag) for flag in self._list("flags")])
        row["targets"] = _json([self._said(index) for index in self._first])
        row["targets_count"] = len(self._first)
        row["renewals"] = _json([self._part(one, scrub) for one in self._list("renewals")])
        row["amendments"] = _json(
            [self._part(one, scrub) | made for one, made in zip(self._list("amendments"), self._changes(), strict=True)]
        )
        other = self._other(scrub)
        row["other"] = _json(other) if other else None
        return row

    # -- targets ------------------------------------------------------------------------------------------------

    def _gather(self, raw: Any, pointer: str) -> list[int]:
        """Positions in `targets` of everything an order's list of targets holds, whatever its shape."""
        start = len(self.targets)
        for form, value, country, where in _spread(raw, pointer):
            if value is None or (isinstance(value, str | list | dict) and not value):
                self.troubles.append("a target without a value")
                continue
            if len(self.targets) >= MAX_TARGETS:
                raise InputError(f"more than {MAX_TARGETS} targets in one order")
            target = Target(plain(form), plain(value), self.placed.offset, self.placed.length, where)
            self.targets.append((plain(country) if country else self._country, target))
        return list(range(start, len(self.targets)))

    def _gather_amendments(self) -> list[dict[str, list[int]]]:
        gathered = []
        base = f"/{_escaped(self._names.get('amendments', 'amendments'))}"
        raw = self._fields.get("amendments")
        for number, one in enumerate(self._list("amendments")):
            where = f"{base}/{number}" if isinstance(raw, list) else base
            found: dict[str, list[int]] = {}
            for name, value in one.items() if isinstance(one, dict) else ():
                if squeezed(name) in ("targetsadd", "targetsremove"):
                    column = f"targets_{squeezed(name).removeprefix('targets')}"
                    found[column] = self._gather(value, f"{where}/{_escaped(name)}")
            gathered.append(found)
        return gathered

    def _changes(self) -> list[dict[str, Any]]:
        return [{name: [self._said(i) for i in some] for name, some in one.items()} for one in self._amended]

    def _said(self, index: int) -> dict[str, Any]:
        made, target = self.committed[index], self.targets[index][1]
        form = target.form if re.fullmatch(r"[A-Za-z][A-Za-z0-9_.\- ]{0,40}", target.form) else ""
        said = {"form": form, "type": made["kind"], "commitment": made["commitment"], "width": made["width"]}
        said |= {"normalised": not made["why"]} | ({"why": made["why"]} if made["why"] else {})
        return said | ({"also": made["also"]} if made["also"] else {})

    # -- other fields -------------------------------------------------------------------------------------------

    def _first_of(self, names: tuple[str, ...]) -> Any:
        return next((self._fields[name] for name in names if self._fields.get(name) is not None), None)

    def _text(self, names: tuple[str, ...], scrub: Any) -> str | None:
        return _scrubbed(self._first_of(names), scrub)

    def _instant(self, names: tuple[str, ...]) -> int | None:
        value = self._first_of(names)
        micros = self._frame.instant(value, end=bool(_ENDS & set(names)))
        if micros is None and value not in (None, ""):
            self.troubles.append(f"{names[0]} is no time")
        return micros

    def _key(self, name: str) -> str:
        value = self._object("nativeid").get("value") if name == "native_value" else self._first_of(_TEXTS[name])
        return "" if value is None else plain(value)

    def _place(self, name: str) -> str:
        """Where a key stands in the record: showing it shows nothing else."""
        if name == "native_value":
            inner = self._fields["nativeid"]
            deeper = (
                next((f"/{_escaped(key)}" for key in inner if squeezed(key) == "value"), "")
                if isinstance(inner, dict)
                else ""
            )
            return f"/{_escaped(self._names['nativeid'])}{deeper}"
        return "/" + _escaped(next(self._names[n] for n in _TEXTS[name] if self._fields.get(n) is not None))

    def _object(self, name: str) -> dict[str, Any]:
        value = self._fields.get(name)
        if value is None:
            return {}
        if isinstance(value, dict):
            return {squeezed(key): item for key, item in value.items()}
        return {"value": value} if name == "nativeid" else {"status": value}

    def _list(self, name: str) -> list[Any]:
        value = self._fields.get(name)
        return [] if value is None else value if isinstance(value, list) else [value]

    def _part(self, one: Any, scrub: Scrub) -> dict[str, Any]:
        """A renewal or an amendment: times as UTC, everything else scrubbed, targets apart."""
        if not isinstance(one, dict):
            return {"said": scrub.value(one)}
        made: dict[str, Any] = {}
        for name, value in one.items():
            key = squeezed(name)
            if key in ("targetsadd", "targetsremove"):
                continue
            micros = self._frame.instant(value, end=key in _ENDS) if key in _MOMENTS else None
            made[_MOMENTS.get(key, scrub.free(name))] = _utc(micros) if micros is not None else scrub.value(value)
        return made

    def _other(self, scrub: Scrub) -> dict[str, Any]:
        found = {scrub.free(self._names[n])[:60]: scrub.value(v) for n, v in self._fields.items() if n not in _KNOWN}
        for name, known in (
            ("delivery", {"hi2", "hi3"}),
            ("confirmation", {"method", "status"}),
            ("nativeid", {"kind", "value"}),
        ):
            rest = {n: v for n, v in self._object(name).items() if n not in known}
            found |= {f"{name}.{scrub.free(n)[:60]}": scrub.value(v) for n, v in rest.items()}
        self.unknown = list(found)
        return found


_UTC: Final = ZoneInfo("UTC")
_MOMENTS: Final = {"validfrom": "valid_from", "validto": "valid_to", "validuntil": "valid_to", "at": "at"}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=_UTC)


def _spread(raw: Any, pointer: str) -> Iterator[tuple[Any, Any, Any, str]]:
    """(form, value, country, pointer) of each target in a list, an object by form, or a single one."""
    if isinstance(raw, list):
        for number, one in enumerate(raw):
            yield from _spread(one, f"{pointer}/{number}")
    elif isinstance(raw, dict):
        names = {squeezed(name): name for name in raw}
        values = [names[name] for name in _VALUES if name in names]
        if not values:
            for name, value in raw.items():  # {"IMSI": "…", "NAI": ["…", "…"]}
                place = f"{pointer}/{_escaped(name)}"
                several = [(f"/{n}", one) for n, one in enumerate(value)] if isinstance(value, list) else [("", value)]
                for behind, one in several:
                    yield name, one, None, place + behind
            return
        form = next((raw[names[name]] for name in _FORMS if name in names), "")
        yield form, raw[values[0]], raw.get(names.get("defaultcountrycode", "")), pointer
    elif raw is not None:
        yield "", raw, None, pointer


def _scrubbed(value: Any, scrub: Any) -> str | None:
    return None if value is None else str(scrub(plain(value))) or None


def _xid(text: str) -> str:
    return re.sub(r"^(?:urn:uuid:)?\{?([0-9a-f-]{36})\}?$", r"\1", text.lower())


def _json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS, default=str).decode()


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _zone(name: Any) -> tzinfo | None:
    try:
        return ZoneInfo(str(name)) if name else None
    except (ValueError, OSError, KeyError):  # a name no zone has is a KeyError
        return None


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _utc(micros: int) -> str:
    return utc_text(_EPOCH + timedelta(microseconds=micros))


def _twice(value: Any) -> bool:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Twice):
            return True
        inner = one.values() if isinstance(one, dict) else one
        waiting += [item for item in inner if isinstance(item, dict | list)]
    return False
