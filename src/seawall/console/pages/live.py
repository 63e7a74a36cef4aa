"""What is open in a browser stays current: one stream of server-sent events per page, which says what changed.

The stream carries names of topics and nothing of the case. A page then reads itself again, with the rights its reader
has at that moment.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response, StreamingResponse

from seawall.console.access import identified
from seawall.console.pages.frame import Viewer
from seawall.console.reading import Reading, reading_of

router = APIRouter(include_in_schema=False)
LOOK_S: Final = 1.0  # how often it looks
ALIVE_S: Final = 15  # looks between two signs of life, and between two looks at the session
MOST: Final = 200  # streams at once
_LONGEST: Final = 3_600  # looks after which a browser asks anew


@router.get("/live")
async def live(request: Request, _: Viewer) -> Response:
    """The stream."""
    state = request.app.state
    if getattr(state, "streams", 0) >= MOST:
        return Response("too many pages are open", 503, headers={"retry-after": "60"}, media_type="text/plain")
    reading = reading_of(request)
    return StreamingResponse(_stream(request, reading), media_type="text/event-stream")


async def _stream(request: Request, reading: Reading) -> AsyncIterator[str]:
    state = request.app.state
    state.streams = getattr(state, "streams", 0) + 1
    try:
        seen = await run_in_threadpool(reading.changes)
        yield "retry: 3000\n\n"
        for number in range(1, _LONGEST):
            await asyncio.sleep(LOOK_S)
            if await request.is_disconnected():
                return
            now = await run_in_threadpool(reading.changes)
            if changed := sorted(topic for topic in now if now[topic] != seen.get(topic)):
                yield f"event: changed\ndata: {' '.join(changed)}\n\n"
            elif number % ALIVE_S == 0:
                if await run_in_threadpool(identified, request) is None:
                    yield "event: over\ndata: log in\n\n"
                    return
                yield ": here\n\n"
            seen = now
    finally:
        state.streams -= 1
