"""The named functions rules may call, for what patterns cannot say. One line each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from seawall.detect.audit.judge import Judge
from seawall.detect.audit.predicates import reach

FUNCTIONS: Final[Mapping[str, Judge]] = {
    "xr_ssh_limited": reach.xr_ssh_limited,
    "sros_management_filter": reach.sros_management_filter,
    "eos_ssh_limited": reach.eos_ssh_limited,
    "ios_console": reach.ios_console,
    "junos_re_filter": reach.junos_re_filter,
    "junos_narrow": reach.junos_narrow,
    "junos_idle": reach.junos_idle,
    "asa_outside": reach.asa_outside,
    "forti_outside": reach.forti_outside,
    "narrow_lists": reach.narrow_lists,
}
