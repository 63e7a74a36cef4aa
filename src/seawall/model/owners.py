"""Who owns an address: autonomous system and country, as a file of the carrier's choice says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Owner:
    """What is known of an address; empty or None where the files do not say."""

    asn: int | None = None  # number of the autonomous system
    name: str = ""  # its holder, as the file writes it
    country: str = ""  # ISO 3166-1, two letters, upper case

    def __str__(self) -> str:
        """As people read it: `AS64500 Example Hosting, SE`."""
        system = " ".join(part for part in (f"AS{self.asn}" if self.asn is not None else "", self.name) if part)
        return ", ".join(part for part in (system, self.country) if part)

    def with_more(self, other: Owner) -> Owner:
        """This owner, and what it leaves open from another file."""
        same = self.asn is None or self.asn == other.asn
        return Owner(
            other.asn if self.asn is None else self.asn,
            self.name or (other.name if same else ""),
            self.country or other.country,
        )
