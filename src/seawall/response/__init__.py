"""Incident → actions with an undo: plan, approve, apply, verify, expire.

`actions/` holds one file for each kind of action, which only writes text: what to do, how to take it back. `channels/`
are the doors to real systems. `guard` says why something must not happen, `execute` does it and writes each step into
the ledger first, `plan` proposes, `safelist` always wins.
"""
