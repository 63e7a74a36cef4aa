"""The named functions rules may call, for what patterns cannot say. One line each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from seawall.detect.audit.judge import Judge
from seawall.detect.audit.predicates import accounts, edges, ends, reach, routing, servers

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
    "secret_form": accounts.secret_form,
    "local_users": accounts.local_users,
    "full_rights": accounts.full_rights,
    "junos_full_rights": accounts.junos_full_rights,
    "known_keys": accounts.known_keys,
    "junos_root_login": accounts.junos_root_login,
    "junos_order": accounts.junos_order,
    "junos_master": accounts.junos_master,
    "ios_command_accounting": accounts.ios_command_accounting,
    "our_servers": servers.our_servers,
    "trap_hosts": servers.trap_hosts,
    "known_community": servers.known_community,
    "nx_community_lists": servers.nx_community_lists,
    "tap_views": servers.tap_views,
    "cdp_outside": edges.cdp_outside,
    "dhcp_pools": edges.dhcp_pools,
    "unused_interfaces": edges.unused_interfaces,
    "vlan_negotiation": edges.vlan_negotiation,
    "bogon_filter": edges.bogon_filter,
    "deny_logged": edges.deny_logged,
    "junos_deny_logged": edges.junos_deny_logged,
    "asa_any": edges.asa_any,
    "junos_any": edges.junos_any,
    "forti_any": edges.forti_any,
    "asa_vpn_admin": edges.asa_vpn_admin,
    "boot_images": edges.boot_images,
    "end_of_support": edges.end_of_support,
    "fhrp": edges.fhrp,
    "changed_by": edges.changed_by,
    "mirror_ends": ends.mirror_ends,
    "tunnel_ends": ends.tunnel_ends,
    "vpn_peers": ends.vpn_peers,
    "list_strangers": ends.list_strangers,
    "mediation": ends.mediation,
    "li_view": ends.li_view,
    "sros_li_roles": ends.sros_li_roles,
    "li_way": ends.li_way,
    "junos_wildcard_key": ends.junos_wildcard_key,
    "with_ebgp": routing.with_ebgp,
    "policies": routing.policies,
    "junos_igp_keys": routing.junos_igp_keys,
}
