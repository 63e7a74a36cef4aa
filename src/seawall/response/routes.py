"""How an address outside is cut off by BGP: a flow rule before your own infrastructure, else a discarded route."""

from __future__ import annotations

from collections.abc import Iterator

from seawall.response.addresses import Network, network
from seawall.response.targets import Bgp


def routes_of(wanted: Network, speaker: Bgp, legal_basis: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Kinds and values of the narrowest rules; none where only customers' traffic could be stopped without a basis.

    Raises:
        InputError: response.toml guards what is no network.
    """
    fitting = [guard for guard in map(network, speaker.guard) if guard.version == wanted.version]
    for guard in fitting:
        yield "flowspec", {"address": str(wanted), "guarded": str(guard)}
    alone = wanted.prefixlen == wanted.max_prefixlen
    if not fitting and alone and (legal_basis or not speaker.customers):
        yield "rtbh", {"address": str(wanted), "next_hop": speaker.next_hop}
