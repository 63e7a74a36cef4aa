"""One seeded carrier: its sites, its people, their habits."""

from seawall.drills.world.build import build
from seawall.drills.world.model import Node, Ticket, Worker, World

__all__ = ["Node", "Ticket", "Worker", "World", "build"]
