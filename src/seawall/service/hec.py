"""What pushes to Splunk's HTTP Event Collector, as documents any reader of evidence knows.

A body is JSON objects one behind the other (not a list, no separator needed). An `event` that is text is a log line of
its sender's; one that is an object is a line of JSON, with the envelope's `time` and `host` put in where it has none
of its own. Reference: Splunk, "Format events for HTTP Event Collector".
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

MAX_EVENTS: Final = 100_000  # of one request
MAX_DEPTH: Final = 64  # of nesting
_DECODER: Final = json.JSONDecoder()
_BLANK: Final = " \t\r\n"


class HecError(Exception):
    """A request Splunk would refuse: its number and words, and which event is at fault."""

    def __init__(self, code: int, text: str, status: int = 400, event: int | None = None) -> None:
        super().__init__(text)
        self.code, self.text, self.status, self.event = code, text, status, event


class Pushed(NamedTuple):
    """A document made of a request's events of one kind."""

    name: str
    content: bytes
    events: int


def documents(body: bytes) -> list[Pushed]:
    """The events of a request by source type: lines of text, lines of JSON. Raises HecError."""
    groups: dict[tuple[str, bool], list[str]] = {}
    for envelope in _envelopes(body):
        kind = _word(envelope.get("sourcetype")) or "events"
        event = envelope["event"]
        line = _line(event, envelope) if isinstance(event, str) else json.dumps(_object(event, envelope))
        groups.setdefault((kind, isinstance(event, str)), []).append(line)
    return [
        Pushed(f"{kind}.{'log' if text else 'jsonl'}", ("\n".join(lines) + "\n").encode("utf-8", "replace"), len(lines))
        for (kind, text), lines in groups.items()
    ]


def _envelopes(body: bytes) -> Iterator[dict[str, Any]]:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise HecError(6, "Invalid data format", event=0) from None
    at = count = 0
    while True:
        while at < len(text) and text[at] in _BLANK:
            at += 1
        if at == len(text):
            break
        try:
            one, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            raise HecError(6, "Invalid data format", event=count) from None
        if not isinstance(one, dict):
            raise HecError(6, "Invalid data format", event=count)
        if "event" not in one:
            raise HecError(12, "Event field is required", event=count)
        if one["event"] in ("", None):
            raise HecError(13, "Event field cannot be blank", event=count)
        count += 1
        if count > MAX_EVENTS:
            raise HecError(6, f"more than {MAX_EVENTS} events in one request", 413, count)
        yield one
    if not count:
        raise HecError(5, "No data")


def _word(text: object) -> str:
    """A source type as a file's name."""
    return "".join(c if c.isalnum() or c in "-_." else "_" for c in str(text or "")[:80]).strip(".")


def _line(event: str, envelope: dict[str, Any]) -> str:
    """A log line as it was; one without a time of its own gets the envelope's, and its host, as a relay would."""
    line = event.rstrip("\r\n").replace("\n", "#012")
    when, host = _when(envelope), _word(envelope.get("host"))
    if when is None or not host or line.startswith("<") or line[:1].isdigit() or line[3:4] == " ":
        return line
    return f"{when:%Y-%m-%dT%H:%M:%S.%f}Z {host} {line}"


def _object(event: object, envelope: dict[str, Any]) -> object:
    if not isinstance(event, dict):
        return {"event": event, "time": envelope.get("time"), "host": envelope.get("host")}
    made = dict(event)
    when = _when(envelope)
    if when is not None and not any(name in made for name in ("time", "timestamp", "@timestamp", "ts", "_time")):
        made["@timestamp"] = f"{when:%Y-%m-%dT%H:%M:%S.%f}Z"
    if "host" not in made and envelope.get("host"):
        made["host"] = envelope["host"]
    return made


def _when(envelope: dict[str, Any]) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(envelope["time"]), UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return None
