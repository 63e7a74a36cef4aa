"""Sharing: what would leave the house, to the byte, and the way it takes: kept, signed by two people, then released."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from seawall.console.access import first_time
from seawall.console.desk import desk_of
from seawall.console.pages.frame import Analyst, Viewer, show
from seawall.console.pages.incidents import find
from seawall.console.reading import Reading, Slow, reading_of
from seawall.errors import UsageError
from seawall.pipeline.sharing import FORMS, Wish, folder_of, pack
from seawall.sharing.parcel import Parcel, keep

router = APIRouter(include_in_schema=False)
_SHOWN: Final = 60_000  # bytes of one file on the page; all of it is what is signed
_TEXT: Final = 200


@router.get("/sharing")
def sharing(request: Request, _: Viewer) -> Response:
    """Incidents that could be shared, and with whom."""
    reading = reading_of(request)
    receivers = sorted(reading.desk.settings.sharing.receivers)
    rows = reading.known().incidents[:100]
    return show(request, "sharing", topics="incidents responses", rows=rows, receivers=receivers, forms=FORMS)


@router.get("/sharing/preview/{name}")
def preview(request: Request, who: Analyst, name: str, receiver: str = "", form: str = "stix") -> Response:
    """Exactly what would leave, and what would not. Nothing is sent and nothing is kept."""
    reading = reading_of(request)
    it, _ = find(reading, name)
    reading.desk.looked(who.id, "release-preview", it.id)
    parcel = packed(reading, it.id, receiver, form)
    files = [
        (path, raw[:_SHOWN].decode("utf-8", "replace"), len(raw))
        for path, raw in (parcel.value.files if parcel.value else {}).items()
    ]
    return show(
        request,
        "preview",
        topics="slow",
        it=it,
        parcel=parcel,
        files=files[:20],
        kinds=Counter(str(one["type"]) for one in parcel.value.objects) if parcel.value else {},
        kept_back=Counter(light for _, light in parcel.value.kept_back) if parcel.value else {},
        receiver=receiver[:_TEXT],
        form=form,
        forms=FORMS,
        receivers=sorted(reading.desk.settings.sharing.receivers),
    )


def packed(reading: Reading, incident: str, receiver: str, form: str) -> Slow[Parcel]:
    """The parcel, worked out aside. Raises UsageError for a form or a receiver there is none of."""
    if form not in FORMS:
        raise UsageError(f"no form is called {form[:40]!r}", mend=f"one of {', '.join(FORMS)}")
    if receiver and receiver not in reading.desk.settings.sharing.receivers:
        raise UsageError("no receiver is called so", mend="add it to seawall.toml, under [sharing.receivers]")
    wish = Wish(form=form, incidents=(incident,), receiver=receiver)
    case, clock = reading.desk.case, reading.desk.clock
    name = ("parcel", incident, receiver, form)
    return reading.slow(name, ("incidents", "settings"), lambda: pack(case, wish, clock, reading.site()), wait_s=5.0)


@router.post("/sharing/preview/{name}")
def keep_it(
    request: Request,
    who: Analyst,
    name: str,
    digest: Annotated[str, Form(max_length=64)],
    receiver: Annotated[str, Form(max_length=_TEXT)] = "",
    form: Annotated[str, Form(max_length=40)] = "stix",
    once: Annotated[str, Form()] = "",
) -> Response:
    """Keep the very parcel that was previewed, for two people to sign."""
    desk, reading = desk_of(request), reading_of(request)
    it, _ = find(reading, name)
    parcel = packed(reading, it.id, receiver, form)
    if parcel.value is None or parcel.value.digest != digest:
        raise UsageError("it is not what you looked at any more", mend="look at the preview again")
    if first_time(desk, who, once):
        keep(parcel.value, folder_of(desk.case))
    return RedirectResponse(f"/sharing/preview/{it.id}?receiver={receiver}&form={form}#kept", 303)
