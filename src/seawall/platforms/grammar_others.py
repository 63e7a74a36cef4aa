# ruff: noqa: E501 - the words of one position stand on one line
"""The words of Nokia SR OS, FortiOS and PAN-OS command lines, as far as hunting needs them; see `commands`."""

from __future__ import annotations

from typing import Final

SROS: Final = """
admin display-config|save|reboot|rollback|show|tech-support|disconnect|set-time|redundancy|synchronize|clear-policy-lock|satellite
admin rollback compare|save|revert|delete|view
admin show configuration
configure system|router|port|service|mirror|log|filter|qos|lag|card|mda|policy-options|li|sflow|cflowd|test-oam|multicast-management|application-assurance|python|eth-cfm|isa|subscriber-mgmt|aaa|private|exclusive|read-only|global|call-trace|bfd|saa|ipsec|redundancy|router
configure system security|name|time|snmp|management-interface|login-control|rollback|netconf|grpc|telemetry|location|contact|cron|script-control|boot-good-exec|management|usb
configure system security user|profile|password|tacplus|radius|ssh|snmp|telnet-server|ftp-server|management-access-filter|cpm-filter|keychain|user-params|aaa|tls|pki
configure log log-id|filter|syslog|snmp-trap-group|accounting-policy|event-control|file-id|event-handling|throttle-rate
configure mirror mirror-dest|mirror-source|global-sampling-rate
configure filter ip-filter|ipv6-filter|mac-filter|log|match-list
configure li x-interfaces|li-filter|log|mirror-dest-template|save|li-source
debug mirror-source|router|service|system|radius|tacplus|security
clear log|router|service|port|security|filter|card|mirror|screen|tacplus|radius|cpm-filter|saa
show router|system|port|service|log|users|user|version|uptime|chassis|card|mda|filter|mirror|lag|time|boot-messages|debug|snmp|li|sflow|cflowd|qos|bof|alias|configuration|history|aaa|management|security|redundancy|python
show router bgp|interface|isis|ospf|route-table|arp|mpls|ldp|policy|static-route|rsvp|fib|neighbor|tunnel-table summary|detail|neighbor|routes|adjacency|database
show system security|information|connections|cpu|memory-pools|rollback|time|ntp|alarms|processes|management-interface user|profile|ssh|source-address|view|access-group|authentication|password-options|communities
show log log-id|log-collector|syslog|event-control|file-id|filter-id
file copy|delete|dir|cd|md|rd|move|scp|show|type|vi|version|attrib|format|unzip|checksum|remove-directory|make-directory|list
bof
environment no|more|create|terminal|alias|command-completion|time-display|saved-ind-prompt|kernel more
monitor port|router|service|filter|lag|cpm-filter|card
to syslog|session|snmp|memory|file|cli|console|main|local-file|netconf
tools dump|perform
ping
traceroute
ssh
telnet
exec
exit all
info detail|flat|full-context|json|xml
logout
password
enable-admin
edit-config private|exclusive|read-only|global
commit comment|confirmed
compare
discard
validate
delete
back
quit-config
oam
shutdown
no shutdown|mirror-dest|log-id|syslog|user
history
candidate
pwc
tree
write
help
PIPE match|count|reverse-order|no-more|as-json|as-xml
"""

FORTIOS: Final = """
config system|firewall|user|vpn|router|log|global|vdom|antivirus|application|ips|webfilter|switch-controller|wireless-controller|alertemail|authentication|certificate|report|endpoint-control|dlp|dnsfilter|emailfilter|file-filter|icap|monitoring|rule|sctp-filter|ssh-filter|videofilter|voip|waf|web-proxy|ztna|extender-controller
config system admin|global|interface|dns|ntp|snmp|accprofile|api-user|automation-action|automation-stitch|automation-trigger|auto-update|central-management|console|csf|ddns|dhcp|fortiguard|ha|link-monitor|password-policy|replacemsg|saml|sdn-connector|session-helper|session-ttl|settings|sso-admin|tos-based-priority|vdom|virtual-wan-link|zone|autoupdate|alias|email-server|fips-cc|gre-tunnel|ipip-tunnel|np6|sflow|netflow|switch-interface|vxlan
config log syslogd|syslogd2|syslogd3|syslogd4|fortianalyzer|fortianalyzer2|fortianalyzer3|memory|disk|eventfilter|gui-display|null-device|setting|threat-weight|tacacs+accounting|webtrends|custom-field setting|filter|override-setting
config firewall policy|address|addrgrp|vip|vipgrp|service|local-in-policy|ippool|policy6|address6|central-snat-map|dos-policy|interface-policy|schedule|shaper|sniffer|ssl-ssh-profile|security-policy|proxy-policy|access-proxy|multicast-policy
config user local|group|radius|tacacs+|ldap|fsso|peer|peergrp|saml|setting|certificate|device|password-policy|krb-keytab|quarantine
config vpn ipsec|ssl|certificate|l2tp|pptp|ocvpn phase1-interface|phase2-interface|phase1|phase2|settings|web|local|ca
config router bgp|ospf|static|policy|isis|rip|route-map|prefix-list|access-list|static6|multicast
edit
set
unset
append
unselect
select
delete
rename
clone
move
next
end
abort
exit
get system|router|user|vpn|firewall|log|hardware|ips|webfilter|test status|performance|info|arp|interface|admin|ha|session|startup-error-log
show full-configuration|system|firewall|user|vpn|router|log
execute backup|restore|ping|traceroute|ssh|telnet|reboot|shutdown|factoryreset|factoryreset2|formatlogdisk|log|update-now|ha|date|time|cfg|clear|dhcp|disconnect-admin-session|enter|fctems|fortiguard-log|ping6|ping-options|ping6-options|router|sensor|set-next-reboot|ssh-options|tac|telnet-options|traceroute-options|usb-disk|usb-device|user|vpn|wireless-controller|batch|central-mgmt|cli|erase-disk|disk|interface|revision|scsi-dev|policy-packet-capture|auto-script|api-user|bios|certificate|email-forward
execute backup config|full-config|disk|memory|ipsuserdefsig|yaml-config tftp|ftp|usb|flash|management-station|sftp|scp
execute restore config|image|vmlicense|ips|av|src-vis|secondary-image|script tftp|ftp|usb|flash|management-station|url
execute log delete|delete-all|display|filter|roll|backup|flush-cache|list|fortianalyzer|fortiguard
diagnose sniffer|debug|sys|hardware|ip|firewall|vpn|user|test|netlink|log|autoupdate|automation|endpoint|fortilogd|geoip|ips|ipv6|npu|snmp|switch|traffictest|wad|wireless-controller|antivirus|alertconsole|cmdb|fmnetwork|forticare|fdsm|extender|report|stats|svctools|web-ui|webfilter
diagnose sniffer packet
diagnose debug enable|disable|application|flow|reset|cli|crashlog|config-error-log|report|info|rating|kernel|console|authd|admin|duration
diagnose sys session|top|ha|process|kill|admin|flash|logdisk|checkused|csum|cmdb|sdwan|vd|flush|tcpsock|udpsock|link-monitor
fnsysctl
tree
alias
sudo global
PIPE grep
"""

PANOS: Final = """
show system|config|admins|interface|session|routing|jobs|log|user|vpn|global-protect-gateway|arp|counter|high-availability|management-clients|clock|cli|running|device-group|devicegroup|template|templates|ntp|logging-status|mac|zone|rule-use|predefined|panorama-status|plugins|report|authentication|ssh-fingerprints|local-user-db|hostid-database|ctd|dhcp|dns-proxy|dos-protection|fips-mode|neighbor|object|operational-mode|pbf|qos|resource|statistics|transceiver|url-cloud|virtual-wire|vlan|vm-monitor|wildfire
show system info|resources|state|logdb-quota|services|software|disk-space|files|environmentals|masterkey-properties|setting
show config running|candidate|diff|list|audit|saved|merged|effective-running-config|logging-service-forwarding|pushed-shared-policy|pushed-template|synced
show log system|config|traffic|threat|url|alarm|appstat|auth|data|decryption|globalprotect|hipmatch|iptag|mdm|mgmt|sctp|trsum|userid|wildfire
configure
set cli|system|password|deviceconfig|mgt-config|network|rulebase|shared|vsys|zone|address|address-group|service|service-group|device-group|template|template-stack|log-collector|panorama|profiles|profile-group|application|import|readonly|plugins|management-server|session|ssh|global-protect|user-group
set deviceconfig system|setting|high-availability
set mgt-config users|password-complexity|access-domain|devices
set shared admin-role|authentication-profile|certificate|log-settings|server-profile|local-user-database|ssl-tls-service-profile|ssl-decrypt|external-list|response-page|botnet
delete config|mgt-config|deviceconfig|network|rulebase|shared|vsys|zone|address|log|software|content|report|license|user-file|admin-sessions|authentication|core|data-capture|debug-filter|dynamic-url|global-protect-client|global-protect-portal|high-availability-key|hip-report|inbound-proxy-key|migration|pcap|policy-app-mapping|policy-cache|pprof|radius-secret|runtime-user-db|sslmgr-store|threat-pcap|unknown-pcap|url-database|anti-virus|wildfire
commit force|partial|validate|description|all
commit-all
load config|device-state
save config|device-state|filter
revert config
validate full|partial
request restart|system|license|content|software|high-availability|certificate|config-lock|commit-lock|authentication|push-policy-shared-policy|shutdown|tech-support|anti-virus|wildfire|plugins|logging-service-forwarding|global-protect-client|global-protect-portal|batch|chassis|data-filtering|debug-data|device-telemetry|dhcp|last-acct-mgmt|log-fwd-ctrl|master-key|password-change-history|password-hash|quota-enforcement|stats|support|url-filtering|vmware|vpnclient
scp export|import configuration|log|log-file|tech-support|core-file|pcap|stats-dump|logdb|device-state|certificate|software|filter-pcap|debug-pcap
tftp export|import configuration|log|log-file|tech-support|core-file|pcap|certificate|software
ftp export
less mp-log|dp-log|mp-backtrace|webserver-log|custom-page|dp-backtrace|agent-log|plugins-log|mp-global
tail follow|lines|mp-log|dp-log|webserver-log
grep pattern|mp-log|dp-log
view-pcap filter-pcap|debug-pcap|mgmt-pcap|threat-pcap|application-pcap|follow|no-dns-lookup
tcpdump snaplen|filter
debug cli|software|dataplane|device-server|management-server|routing|sslmgr|swm|system|user-id|ike|authentication|cord|log-collector|log-receiver|master-service|global-protect|high-availability-agent|tac-login|vardata-receiver|wildfire|dhcpd|dnsproxyd|l2ctrld|l3svc|logview|ntp|pppoed|rasmgr|satd|ssh|sslvpn|varrcvr|web-backend|web-server
clear session|log|counter|arp|job|user-cache|admin-sessions|vpn|statistics|uappinfo|url-cache|mac|dhcp|dns-proxy|high-availability|routing|rule-hit-count|nat-rule-cache|neighbor|object|pbf|lacp|lldp|application-signature|cloud-appid|dos-protection|report|wildfire|query
test security-policy-match|nat-policy-match|routing|vpn|authentication|pbf-policy-match|qos-policy-match|url|user-id|dns-proxy|cp-policy-match|decryption-policy-match|botnet|data-filtering|dos-policy-match|global-protect-mdm|global-protect-satellite|custom-url|custom-signature-perf|stats-service|scp-server-connection|tag-filter|uid|wildfire|arp|nd|threat-vault
ping host|source|count|bypass-routing|size|inet6
traceroute host|source|ipv4|ipv6
ssh host|source|port|inet|v1|v2
telnet
netstat
edit
rename
move
copy
run
top
up
quit
exit
check pending-changes|data-access-passwd|config-locks
find command
target set|show
PIPE match|except
"""

ALIASES: Final[dict[str, dict[str, str]]] = {
    "sros": {"conf": "configure", "sh": "show", "exi": "exit"},
    "fortios": {
        "conf": "config",
        "exec": "execute",
        "exe": "execute",
        "diag": "diagnose",
        "dia": "diagnose",
        "sh": "show",
    },
    "panos": {"sh": "show", "conf": "configure", "req": "request"},
}
