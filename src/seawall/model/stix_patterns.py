"""STIX 2.1 patterns, as far as a list of known-bad values goes (OASIS STIX 2.1, clause 9).

Read are observation expressions of comparisons joined by AND and OR, observations joined by AND, OR and FOLLOWEDBY,
and qualifiers. What a pattern names by `=`, `IN` or `ISSUBSET` is a value to look for; one that needs two of them
together (AND), a wildcard (LIKE, MATCHES) or an order is weaker alone, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

MAX_PATTERN: Final = 100_000  # characters
MAX_VALUES: Final = 2_000
_DEPTH: Final = 50

_TOKEN: Final = re.compile(
    r"\s+|(?P<comment>/\*.*?\*/|//[^\n]*)"
    r"|(?P<string>'(?:[^'\\]|\\.)*')"
    r"|(?P<special>[thb]'(?:[^'\\]|\\.)*')"
    r"|(?P<number>[+-]?\d+(?:\.\d+)?)"
    r"|(?P<path>[A-Za-z][\w-]*:(?:[\w-]+|'(?:[^'\\]|\\.)*')(?:\.(?:[\w-]+|'(?:[^'\\]|\\.)*')|\[(?:\*|\d+)\])*)"
    r"|(?P<op>!=|==|<=|>=|<>|=|<|>)"
    r"|(?P<mark>[\[\](),])"
    r"|(?P<word>[A-Za-z]+)",
    re.S,
)
_HASHES: Final = frozenset({"md5", "sha1", "sha256", "sha512", "sha224", "sha384"})


class PatternError(ValueError):
    """A pattern that cannot be read, and why."""


@dataclass(frozen=True, slots=True)
class Named:
    """A value a pattern names."""

    path: str  # e.g. ipv4-addr:value
    value: str
    alone: bool  # whether the value by itself satisfies the pattern


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a pattern asks for."""

    values: tuple[Named, ...]
    unsupported: tuple[str, ...]  # what it also asks, in words; each once


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def read_pattern(text: str) -> Pattern:
    """The values a pattern names.

    Raises:
        PatternError: it is no pattern, or too long.
    """
    if len(text) > MAX_PATTERN:
        raise PatternError(f"pattern longer than {MAX_PATTERN} characters")
    reader = _Reader(list(_tokens(text)))
    reader.observations(alone=True, depth=0)
    if reader.token is not None:
        raise PatternError(f"unexpected {reader.token.text[:40]!r}")
    return Pattern(tuple(dict.fromkeys(reader.values))[:MAX_VALUES], tuple(dict.fromkeys(reader.unsupported)))


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise PatternError(f"cannot be read at {text[at : at + 20]!r}")
        at = found.end()
        if found.lastgroup and found.lastgroup != "comment":
            yield _Token(found.lastgroup, found.group())


class _Reads(Protocol):
    def __call__(self, *, alone: bool, depth: int) -> None: ...


class _Reader:
    """A descent over the tokens; `alone` says whether what is read next would satisfy the pattern by itself."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens, self._at = tokens, 0
        self.values: list[Named] = []
        self.unsupported: list[str] = []

    @property
    def token(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _next(self) -> _Token:
        token = self.token
        if token is None:
            raise PatternError("ends too early")
        self._at += 1
        return token

    def _is(self, *texts: str) -> bool:
        return self.token is not None and self.token.kind in ("mark", "word") and self.token.text.upper() in texts

    def _take(self, text: str) -> None:
        if not self._is(text):
            raise PatternError(
                f"{text!r} is missing before {self.token.text[:40]!r}" if self.token else "ends too early"
            )
        self._at += 1

    def observations(self, *, alone: bool, depth: int) -> None:
        """`[…] AND […] OR […] FOLLOWEDBY […]`, with qualifiers."""
        self._joined(("AND", "FOLLOWEDBY"), self._observation, alone=alone, depth=depth)

    def _observation(self, *, alone: bool, depth: int) -> None:
        if self._is("("):
            self._take("(")
            self.observations(alone=alone, depth=_deeper(depth))
            self._take(")")
        else:
            self._take("[")
            self._joined(("AND",), self._comparison, alone=alone, depth=depth)
            self._take("]")
        self._qualifiers()

    def _joined(self, together: tuple[str, ...], part: _Reads, *, alone: bool, depth: int) -> None:
        """Parts joined by OR, and by words that ask for all of them at once: those make each part weaker alone."""
        begin = first = len(self.values)
        part(alone=alone, depth=depth)
        while self._is("OR", *together):
            word = self._next().text.upper()
            if word in together:
                self._weaken(first if word == "AND" else begin)  # AND binds tightest, FOLLOWEDBY least
                part(alone=False, depth=depth)
            else:
                first = len(self.values)
                part(alone=alone, depth=depth)

    def _weaken(self, first: int) -> None:
        self.values[first:] = [Named(n.path, n.value, alone=False) for n in self.values[first:]]

    def _qualifiers(self) -> None:
        while self._is("START", "WITHIN", "REPEATS"):
            word = self._next().text.upper()
            self.unsupported.append(f"the qualifier {word}")
            self._next()
            if word == "START":
                self._take("STOP")
                self._next()
            else:
                self._take("SECONDS" if word == "WITHIN" else "TIMES")

    def _comparison(self, *, alone: bool, depth: int) -> None:
        if self._is("("):
            self._take("(")
            self._joined(("AND",), self._comparison, alone=alone, depth=_deeper(depth))
            self._take(")")
            return
        if self._is("EXISTS"):
            self._next()
            self.unsupported.append(f"EXISTS {self._next().text[:60]}")
            return
        path = self._next()
        if path.kind != "path":
            raise PatternError(f"an object path is missing before {path.text[:40]!r}")
        negated = self._is("NOT")
        if negated:
            self._next()
        operator = self._next().text.upper()
        values = self._set() if operator == "IN" else [self._value()]
        if not negated and operator in ("=", "==", "IN", "ISSUBSET"):
            self.values += [Named(_plain(path.text), value, alone) for value in values]
        elif operator in _OPERATORS:
            self.unsupported.append(f"{'NOT ' if negated else ''}{operator} on {_plain(path.text)[:60]}")
        else:
            raise PatternError(f"no operator is called {operator[:40]!r}")

    def _set(self) -> list[str]:
        self._take("(")
        found = [self._value()]
        while self._is(","):
            self._take(",")
            found.append(self._value())
        self._take(")")
        return found

    def _value(self) -> str:
        token = self._next()
        match token.kind:
            case "string":
                return re.sub(r"\\(.)", r"\1", token.text[1:-1], flags=re.S)
            case "special":
                return token.text[2:-1]
            case "number" | "word":
                return token.text
            case _:
                raise PatternError(f"a value is missing before {token.text[:40]!r}")


_OPERATORS: Final = frozenset(
    {"=", "==", "!=", "<>", "<", ">", "<=", ">=", "IN", "LIKE", "MATCHES", "ISSUBSET", "ISSUPERSET"}
)


def _deeper(depth: int) -> int:
    if depth >= _DEPTH:
        raise PatternError(f"more than {_DEPTH} levels of parentheses")
    return depth + 1


def _plain(path: str) -> str:
    """An object path without its quotes: `file:hashes.'SHA-256'` → `file:hashes.SHA-256`."""
    return path.replace("'", "")


def type_of(path: str) -> str:
    """What kind of indicator the values of an object path are: ip, domain, url, email, hash; empty if none of them."""
    object_, _, rest = path.partition(":")
    match object_:
        case "ipv4-addr" | "ipv6-addr" if rest == "value":
            return "ip"
        case "domain-name" if rest == "value":
            return "domain"
        case "url" if rest == "value":
            return "url"
        case "email-addr" if rest == "value":
            return "email"
        case "email-message" if rest in ("from_ref.value", "sender_ref.value"):
            return "email"
        case "network-traffic" if rest in ("src_ref.value", "dst_ref.value"):
            return "ip or domain"
        case "domain-name" if re.fullmatch(r"resolves_to_refs\[(\*|\d+)\]\.value", rest):
            return "ip or domain"
    if object_ in ("file", "artifact", "x509-certificate") and re.search(r"(?:^|\.)hashes\.", f".{rest}"):
        return "hash" if re.sub(r"[^a-z0-9]", "", rest.rpartition("hashes.")[2].lower()) in _HASHES else ""
    return ""
