"""One device's configuration, read."""

from __future__ import annotations

from collections.abc import Sequence

from seawall.platforms.config.bgp import Neighbor, neighbors
from seawall.platforms.config.defaults import Default, default_of
from seawall.platforms.config.interfaces import Interface, interfaces
from seawall.platforms.config.references import References, entries
from seawall.platforms.config.secrets import Veil
from seawall.platforms.config.statement import Node, Statement
from seawall.platforms.config.xml import shown
from seawall.platforms.config_styles import Style


class DeviceConfig(Node):
    """What a file says of one device: statements to ask for, and how far the file can be trusted to be whole.

    `platform` is one of `ios` (IOS XE as well: see `xe`), `nxos`, `iosxr`, `eos`, `asa`, `junos`, `panos`, `sros`,
    `fortios`, `vrp`, `comware`, `routeros`, or empty if nothing tells.
    """

    __slots__ = (
        "_interfaces", "_neighbors", "_references", "changed_by", "complete", "confidence", "cut", "doubts",
        "first_line", "header", "hostname", "lines", "model", "name", "platform", "problem", "shows_defaults",
        "style", "version", "xe",
    )  # fmt: skip

    def __init__(self, name: str, lines: Sequence[str] = (), problem: str = "") -> None:
        super().__init__()
        self.name = name  # of the file
        self.problem = problem  # why nothing could be read; empty if something could
        self.lines = lines  # as in the file, secrets and all: never show them, use `printed`
        self.first_line = 1  # number in the file of the first of `lines`
        self.hostname: str | None = None
        self.platform = ""
        self.xe: bool | None = None  # IOS XE rather than classic IOS; None if the text does not tell
        self.version: str | None = None  # as the device writes it: `17.9`, `7.5.2`, `21.4R3-S1`
        self.model: str | None = None
        self.style: Style = "indent"
        self.confidence = 0  # that the platform is right, 0 to 100
        self.cut = False  # the file stops, or begins, in the middle
        self.complete = False  # it shows its beginning and its end: what is absent is not configured
        self.shows_defaults = False  # `show running-config all`: what is absent is off
        self.doubts: tuple[str, ...] = ()  # what is wrong with the file, for people
        self.header: tuple[str, ...] = ()  # comments before the first statement, masked
        self.changed_by: str | None = None  # who changed it last, as the header says
        self._references: References | None = None
        self._neighbors: list[Neighbor] | None = None
        self._interfaces: list[Interface] | None = None

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements at the top."""
        return tuple(self.children)

    def printed(self) -> str:
        """The lines of the file, secrets masked."""
        if self.style == "xml":
            return "\n".join(map(shown, self.lines))
        veil = Veil(self.lines)
        return "\n".join(veil(number, line)[0] for number, line in enumerate(self.lines, 1))

    def default(self, *path: str) -> Default | None:
        """What holds where no line says `path`; None where no dependable default is known."""
        return default_of(self.platform, self.version, self.xe, path)

    def effective(self, *path: str) -> bool | None:
        """Whether `path` is on: by its line, else by the platform's default. None is unknown, never off.

        Where the text is cut, what is absent may have been lost: then it is unknown as well.
        """
        said = self.state(*path)
        if said is not None:
            return said
        if self.cut:
            return None
        if self.shows_defaults:
            return False
        found = self.default(*path)
        return None if found is None or found.value is None else bool(found.value)

    def defined(self, kind: str) -> dict[str, list[Statement]]:
        """The statements that define each `acl`, `policy` … (see `seawall.platforms.config.references`), by name."""
        return self._refs().names(kind, "defined")

    def used(self, kind: str) -> dict[str, list[Statement]]:
        """The statements that use each `acl`, `policy` …, by name: what is defined but not here has no effect."""
        return self._refs().names(kind, "used")

    def references(self, kind: str, name: str) -> list[Statement]:
        """The statements that use one `acl`, `policy` …"""
        return self.used(kind).get(name, [])

    def entries(self, kind: str, name: str) -> list[tuple[tuple[str, ...], Statement]]:
        """The entries of a list as (words from its action on, statement), in order: `("permit", "any")`."""
        return entries(self.defined(kind).get(name, []), name)

    def _refs(self) -> References:
        if self._references is None:
            self._references = References(self)
        return self._references

    def bgp_neighbors(self) -> list[Neighbor]:
        """Every BGP neighbour with what its groups and templates give it."""
        if self._neighbors is None:
            self._neighbors = neighbors(self)
        return self._neighbors

    def interfaces(self) -> list[Interface]:
        """Every interface and unit with its addresses, VRF and state; ranges written out."""
        if self._interfaces is None:
            self._interfaces = interfaces(self, self.platform)
        return self._interfaces

    def __repr__(self) -> str:
        return f"<{self.platform or 'unknown'} configuration of {self.hostname or self.name or 'a device'}>"
