"""What a reader of an HTML part sees, where its links lead, and what it hides; parsed, never rendered or fetched."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

MAX_TEXT: Final = 400_000  # characters of markup looked at
MAX_LINKS: Final = 300
_UNCLOSED: Final = 4  # tags without an end that are searched for one to the end of the markup …
_TAG: Final = 2_000  # … and how far the further ones are, since each search costs what is left
_SILENT: Final = frozenset({"style", "script", "head", "title", "noscript", "template"})
_VOID: Final = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_BLOCKS: Final = frozenset(
    [
        "p",
        "div",
        "br",
        "tr",
        "td",
        "th",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "table",
        "ul",
        "ol",
        "hr",
        "blockquote",
        "section",
        "article",
    ]
)
_HIDING: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|!|$)|opacity\s*:\s*0\s*(?:;|!|$)"
    r"|max-height\s*:\s*0|mso-hide\s*:\s*all",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a message."""

    url: str  # where it leads
    text: str  # what the reader sees; empty where the address itself stands in the text


@dataclass(slots=True)
class Page:
    """What an HTML part shows and does."""

    text: str = ""  # visible
    hidden: str = ""  # put there for filters, or as the preview line
    links: list[Link] = field(default_factory=list)
    images: list[str] = field(default_factory=list)  # sources
    forms: list[str] = field(default_factory=list)  # where they are sent; empty text: to the page itself
    passwords: int = 0  # fields that ask for one
    scripts: str = ""
    frames: int = 0
    refresh: str = ""  # address a meta refresh leads to
    base: str = ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._shown: list[str] = []
        self._hidden: list[str] = []
        self._stack: list[tuple[str, bool]] = []  # open elements, and whether each hides what it holds
        self._hiding = 0
        self._silent = ""
        self._link: tuple[str, int] | None = None
        self._unclosed = 0

    def check_for_whole_start_tag(self, i: int) -> int:
        """Where the tag at `i` ends; negative if nowhere. Thousands of open tags would else take minutes."""
        if self._unclosed < _UNCLOSED:
            end = super().check_for_whole_start_tag(i)
        else:
            whole, self.rawdata = self.rawdata, self.rawdata[i : i + _TAG]
            found = super().check_for_whole_start_tag(0)
            self.rawdata = whole
            end = found + i if found >= 0 else found
        self._unclosed += end < 0
        return end

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs[:40]}
        if tag in _BLOCKS:
            self._shown.append("\n")
        if tag in _SILENT and tag != "head":
            self._silent = tag
        self._note(tag, told)
        if tag not in _VOID and len(self._stack) < 2_000:
            hides = "hidden" in told or bool(_HIDING.search(told.get("style", "")[:2_000]))
            self._stack.append((tag, hides))
            self._hiding += hides

    def _note(self, tag: str, told: dict[str, str]) -> None:
        page = self.page
        if tag in ("a", "area") and "href" in told:
            self._close_link()
            self._link = (told["href"].strip(), len(self._shown))
        elif tag == "img" and "src" in told and len(page.images) < MAX_LINKS:
            source = told["src"].strip()
            page.images.append(source[: MAX_TEXT if source[:11].lower() == "data:image/" else 2_000])
            self._shown.append(f" {told.get('alt', '')[:200]} ")
        elif tag == "form":
            page.forms.append(told.get("action", "").strip()[:2_000])
        elif tag == "input" and told.get("type", "").lower() == "password":
            page.passwords += 1
        elif tag in ("iframe", "frame", "object", "embed"):
            page.frames += 1
        elif tag == "base":
            page.base = told.get("href", "").strip()[:2_000]
        elif tag == "meta" and told.get("http-equiv", "").lower() == "refresh":
            page.refresh = told.get("content", "").partition("=")[2].strip(" '\"")[:2_000]
        if any(name.startswith("on") and value for name, value in told.items()):
            page.scripts += " ".join(v for n, v in told.items() if n.startswith("on"))[:5_000] + "\n"

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = ""
        if tag == "a":
            self._close_link()
        if tag in _BLOCKS:
            self._shown.append("\n")
        for at in range(len(self._stack) - 1, max(-1, len(self._stack) - 60), -1):
            if self._stack[at][0] == tag:
                self._hiding -= sum(hides for _, hides in self._stack[at:])
                del self._stack[at:]
                break

    def handle_data(self, data: str) -> None:
        if self._silent == "script":
            if len(self.page.scripts) < MAX_TEXT:
                self.page.scripts += data
        elif self._silent:
            return
        elif self._hiding:
            self._hidden.append(data)
        else:
            self._shown.append(data)

    def _close_link(self) -> None:
        if self._link is None:
            return
        href, at = self._link
        self._link = None
        if len(self.page.links) < MAX_LINKS and href and not href.startswith("#"):
            self.page.links.append(Link(href[:4_000], " ".join("".join(self._shown[at:]).split())[:500]))

    def finish(self) -> Page:
        self._close_link()
        self.page.text = tidy("".join(self._shown))
        self.page.hidden = tidy("".join(self._hidden))
        return self.page


def read_page(markup: str) -> Page:
    """What is in an HTML part."""
    reader = _Reader()
    try:
        reader.feed(markup[:MAX_TEXT])
        reader.close()
    except (AssertionError, ValueError):  # the parser's own words for markup it cannot follow
        pass
    return reader.finish()


def tidy(text: str) -> str:
    """Text with single blanks, and at most one empty line between lines."""
    lines = [" ".join(line.split()) for line in text.split("\n")]
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()
