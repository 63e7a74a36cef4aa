"""Training: one's own practice, a screen at a time, with what there was to notice said at once.

What is kept of a person only that person sees.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from seawall.console.desk import Desk, desk_of
from seawall.console.pages.frame import Viewer, show
from seawall.console.reading import reading_of
from seawall.model.case import Case
from seawall.state.training import TrainingState
from seawall.training import choose, play, record
from seawall.training.library import Library, load

router = APIRouter(include_in_schema=False)
_MARKS = {"found": "well", "right": "well", "missed": "bad", "wrong": "bad", "extra": "bad", "trust": "on"}


def _library(request: Request) -> Library:
    case: Case = desk_of(request).case
    own = case.folder / "lessons"
    return reading_of(request).kept("lessons", "settings", lambda: load(own=own if own.is_dir() else None))


def _store(desk: Desk) -> TrainingState:
    return TrainingState(desk.state)


@router.get("/training")
def training(request: Request, who: Viewer) -> Response:
    """Lessons, what is due, and one's own progress."""
    desk, library = desk_of(request), _library(request)
    store = _store(desk)
    past = record.past(store, who.id)
    return show(
        request,
        "training",
        lessons=sorted(library.lessons.values(), key=lambda one: one.title),
        progress=record.progress_of(store, who.id),
        sitting=record.resume(store, library, who.id),
        later=choose.nothing_due(library, past, desk.clock.now()),
        cues=library.cues,
        now=desk.clock.now(),
    )


@router.post("/training")
def begin(request: Request, who: Viewer, lesson: Annotated[str, Form(max_length=100)] = "") -> Response:
    """Begin a lesson, or today's practice; a sitting left off goes on instead, unless another lesson is asked for."""
    desk, library = desk_of(request), _library(request)
    store = _store(desk)
    held = record.resume(store, library, who.id)
    if held is None or (lesson and {step.lesson for step in held.steps} != {lesson}):
        record.start(store, library, who.id, desk.clock.now(), lesson=lesson)
    return RedirectResponse("/training/practice", 303)


@router.get("/training/practice")
def practice(request: Request, who: Viewer) -> Response:
    """The next screen."""
    library = _library(request)
    sitting = record.resume(_store(desk_of(request)), library, who.id)
    if sitting is None:
        return RedirectResponse("/training", 303)
    return show(request, "practice", shown=play.screen(library, sitting), at=sitting.at, feedback=None, marks=_MARKS)


@router.post("/training/practice")
def answer(
    request: Request,
    who: Viewer,
    at: Annotated[int, Form()],
    verdict: Annotated[str, Form(max_length=40)] = "",
    confidence: Annotated[int, Form()] = 2,
    cue: Annotated[list[str] | None, Form()] = None,
    choice: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Take an answer and say at once what there was to notice; a screen answered before is not answered twice."""
    desk, library = desk_of(request), _library(request)
    store = _store(desk)
    sitting = record.resume(store, library, who.id)
    if sitting is None or sitting.at != at:
        return RedirectResponse("/training/practice", 303)
    shown = play.screen(library, sitting)
    given = play.Answer(verdict, confidence, tuple((cue or [])[:40]), tuple((choice or [])[:40]))
    after, feedback = record.take(store, library, sitting, given, desk.clock.now())
    if shown is not None and shown.step.kind == "read" and not after.done:
        return RedirectResponse("/training/practice", 303)
    told: dict[str, Any] = {"feedback": feedback, "done": after.done, "sitting": after, "words": library.words}
    return show(request, "practice", shown=shown, at=at, marks=_MARKS, **told)
