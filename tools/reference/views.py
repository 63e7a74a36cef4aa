"""The page about the views detectors and queries read, asked from the engine."""

from __future__ import annotations

from seawall.engine.views import VIEWS
from tools.reference.markdown import page
from tools.reference.values import columns


def write() -> str:
    """Every view, its columns and units."""
    intro = (
        "Views give one meaning to evidence of many formats. Rules, analytics and `seawall query` read them by these "
        "names; the event tables behind them stay as the evidence has them."
    )
    parts = [f"## {view.name}\n\n{view.doc}\n\n{columns(view.columns)}" for view in VIEWS]
    return page("Views", intro, *parts)
