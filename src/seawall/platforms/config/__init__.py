"""A device's configuration as a tree that can be asked, whatever the vendor's style.

`read` gives the configurations in a file; `DeviceConfig` is asked by paths of words (`all`, `find`, `has`, `state`,
`values`), see `seawall.platforms.config.statement`.
"""

from __future__ import annotations

from seawall.platforms.config.bgp import Neighbor
from seawall.platforms.config.defaults import Default
from seawall.platforms.config.device import DeviceConfig
from seawall.platforms.config.interfaces import Interface
from seawall.platforms.config.reading import no_collection, read
from seawall.platforms.config.secrets import Secret
from seawall.platforms.config.statement import Node, Statement

__all__ = ["Default", "DeviceConfig", "Interface", "Neighbor", "Node", "Secret", "Statement", "no_collection", "read"]
