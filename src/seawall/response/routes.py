"""How an address outside is cut off by BGP: a flow rule before your own infrastructure, else a discarded route."""

from __future__ import annotations

from seawall.response.addresses import Network
from seawall.response.safelist import Safelist
from seawall.response.targets import Bgp


def flow_of(wanted: Network, speaker: Bgp, safelist: Safelist, legal_basis: str) -> dict[str, str] | None:
    """The values of the narrowest rule, with `kind`; None where none may be written. Filled in by later kinds."""
    del wanted, speaker, safelist, legal_basis
    return None
