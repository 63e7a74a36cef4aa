"""Ask a person: what no safe command exists for, said so that it can be done and ticked off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from seawall.response.base import Kind, Written


def _write(values: Mapping[str, str], lasts_s: int) -> Written:  # noqa: ARG001 - the signature of every kind
    return Written(do=values["text"].rstrip() + "\n", undo="", verify="the person says that it is done")


KIND: Final = Kind("ask", "Ask a person", "ask", "person", ("text",), _write, 90)
