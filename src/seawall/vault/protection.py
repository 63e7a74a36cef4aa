"""What a process that knows identifiers owes them: no core dump, no look from outside, no swap."""

from __future__ import annotations

import ctypes
import os
import resource
from dataclasses import dataclass
from typing import Final

_PR_SET_DUMPABLE: Final = 4
_MCL_CURRENT_AND_FUTURE: Final = 1 | 2


@dataclass(frozen=True, slots=True)
class Protection:
    """What could be had, and what could not, as sentences."""

    had: tuple[str, ...]
    missing: tuple[str, ...]


def no_dumps() -> Protection:
    """From now on this process leaves no core file, and no other of its user can look into it."""
    had, missing = [], []
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        had.append("no core dumps")
    except (OSError, ValueError) as error:
        missing.append(f"core dumps cannot be forbidden ({error}): set `ulimit -c 0` before starting")
    if _libc() is not None and _libc().prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) == 0:
        had.append("not dumpable")
    else:
        missing.append("other processes of this user may look into its memory: give the vault a user of its own")
    return Protection(tuple(had), tuple(missing))


def no_swap() -> Protection:
    """Keep every page in memory, now and later; say so where the system does not allow it.

    With a small limit of locked memory, locking pages to come would make later allocations fail: then it is not tried.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_MEMLOCK)
    unlimited = resource.RLIM_INFINITY in (soft, hard) or os.geteuid() == 0
    mend = "let it: LimitMEMLOCK=infinity in its unit, or encrypt the swap"
    if not unlimited:
        return Protection((), (f"memory may be swapped (limit of locked memory: {hard >> 10} KiB): {mend}",))
    try:
        if soft != resource.RLIM_INFINITY and hard == resource.RLIM_INFINITY:
            resource.setrlimit(resource.RLIMIT_MEMLOCK, (hard, hard))
        if _libc() is not None and _libc().mlockall(_MCL_CURRENT_AND_FUTURE) == 0:
            return Protection(("memory locked, not swapped",), ())
        why = os.strerror(ctypes.get_errno())
    except (OSError, ValueError) as error:
        why = str(error)
    return Protection((), (f"memory may be swapped ({why}): {mend}",))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
