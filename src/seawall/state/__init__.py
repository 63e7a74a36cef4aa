"""The only SQL database: findings, incidents, runs and what people thought of them. Events live in the lake."""

from seawall.state import outbox_tables as _outbox_tables  # noqa: F401 - they join the metadata
from seawall.state import taxii_tables as _taxii_tables  # noqa: F401
from seawall.state import training_tables as _training_tables  # noqa: F401
from seawall.state.store import Feedback, Hunt, State, open_engine, open_state

__all__ = ["Feedback", "Hunt", "State", "open_engine", "open_state"]
