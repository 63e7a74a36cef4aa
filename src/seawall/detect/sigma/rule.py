"""A Sigma rule, ready to run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from seawall.detect.base import About
from seawall.detect.sigma.logsources import Route
from seawall.detect.sigma.meta import Meta
from seawall.detect.sigma.plan import ANY_TEXT, Condition, fields_of

Source: TypeAlias = tuple[str | None, str | None, str | None]  # product, category, service


@dataclass(frozen=True, eq=False)
class Variant:
    """A rule as asked of one view."""

    route: Route
    condition: Condition

    @property
    def fields(self) -> frozenset[str]:
        """Columns it reads, the guard's among them; `ANY_TEXT` left out."""
        guard = fields_of(self.route.guard) if self.route.guard is not None else frozenset()
        return (guard | fields_of(self.condition)) - {ANY_TEXT}

    @property
    def reads_any_text(self) -> bool:
        """Whether it looks for keywords."""
        return ANY_TEXT in fields_of(self.condition)


@dataclass(frozen=True, eq=False)
class Rule:
    """A Sigma rule, ready to run. Without variants it is not applicable here."""

    about: About
    origin: str
    variants: tuple[Variant, ...]
    source: Source
    line: int = 1
    name: str = ""  # Sigma's `name`, by which correlations and filters may speak of it
    meta: Meta = field(default_factory=Meta)
    filters: tuple[str, ...] = ()  # titles of the filters laid over it

    @property
    def where(self) -> str:
        """File and line."""
        return f"{self.origin}:{self.line}"

    @property
    def logsource(self) -> str:
        """The log source in words."""
        named = zip(("product", "category", "service"), self.source, strict=True)
        return ", ".join(f"{key} {value}" for key, value in named if value)
