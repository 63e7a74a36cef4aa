"""From a file's bytes to the configurations in it. Nothing here raises: what cannot be read says so in `problem`."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from seawall.platforms.config import groups, paths, xml
from seawall.platforms.config import lines as by_lines
from seawall.platforms.config.about import describe
from seawall.platforms.config.clean import Cleaned, cleaned, unreadable
from seawall.platforms.config.device import DeviceConfig
from seawall.platforms.config.devices import split
from seawall.platforms.config.secrets import Veil
from seawall.platforms.config.xml import is_xml
from seawall.platforms.config_styles import Guess, guess_of
from seawall.platforms.config_tree import hostname_in, tree_of

MAX_BYTES: Final = 32 << 20  # far larger than any device's configuration


def read(data: bytes | str, name: str = "") -> list[DeviceConfig]:
    """The configurations in a file: one, or more where devices were saved one behind another.

    `data` beyond 32 MiB is not read; `cut` and `doubts` then say so. A file that is no configuration gives one
    `DeviceConfig` with `problem` and no statements. Raises nothing.
    """
    content = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    if problem := unreadable(content):
        return [DeviceConfig(name, problem=problem)]
    too_long = len(content) > MAX_BYTES
    found = cleaned(content[:MAX_BYTES])
    if too_long:
        limit = MAX_BYTES >> 20  # whoever opened the file may have stopped there: its size is not known
        found.doubts.append(f"the file is larger than {limit} MiB; only its first {limit} MiB are read: split it")
    parts = split(found.lines)
    with no_collection():
        devices = [_device(found, part, name, many=len(parts) > 1) for part in parts]
    if too_long:
        devices[-1].cut = True
        devices[-1].complete = False
    return devices


@contextmanager
def no_collection() -> Iterator[None]:
    """No search for garbage within: trees are many small objects that all live, and looking takes half the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _device(found: Cleaned, part: slice, name: str, *, many: bool) -> DeviceConfig:
    lines = found.lines[part]
    device = DeviceConfig(name, found.raw[part])
    device.first_line = part.start + 1
    device.doubts = tuple(found.doubts)
    if many:
        device.doubts = (*device.doubts, "the file holds more than one device; each is judged by its own lines")
    seen = Guess("panos", "xml", 95) if is_xml(lines) else guess_of(lines)
    if seen is None and not any(lines):
        device.problem = "the file is empty: save the configuration again"
        return device
    device.style = seen.style if seen else "indent"
    device.platform = seen.platform if seen else ""
    device.confidence = seen.sure if seen else 0
    if seen is None:
        device.doubts = (*device.doubts, "nothing in it tells the platform")
    opened = _build(device, lines, seen or Guess("", "indent", 0))
    said = device.value("deviceconfig", "system", "hostname") if device.style == "xml" else None
    device.hostname = said or hostname_in(lines, device.platform)
    if device.first_line > 1:
        _renumber(device)
    if device.platform == "junos" and (doubt := groups.expand(device)):
        device.doubts = (*device.doubts, doubt)
    describe(device, lines, opened)
    return device


def _build(device: DeviceConfig, lines: Sequence[str], seen: Guess) -> int:
    """Fill in the statements; gives how many sections were left open."""
    if seen.style == "xml":
        return xml.build(device, lines)
    tree, veil = tree_of(lines, seen), Veil(lines)
    if seen.style == "set":
        paths.build_set(device, tree, veil)
    elif seen.style == "brace":
        opened = paths.build_braces(device, tree, veil)
        if seen.platform == "panos":
            paths.hoist(device)
        return opened
    elif seen.platform == "fortios":
        return paths.build_edits(device, tree, veil)
    elif seen.platform == "sros":
        paths.build_indented(device, tree, veil)
    else:
        by_lines.build(device, tree, seen.platform, veil)
    return 0


def _renumber(device: DeviceConfig) -> None:
    """Line numbers of the file, not of the part."""
    for one in device.walk():
        one.line += device.first_line - 1
