# ruff: noqa: E501 - the words of one position stand on one line
"""The words of vendors' command lines, as far as hunting needs them. One path a line; see `commands`."""

from __future__ import annotations

from typing import Final

IOS: Final = """
show running-config|startup-config|configuration|tacacs|aaa|users|logging|version|clock|interfaces|inventory|arp|tech-support|monitor|processes|privilege|access-lists|archive|flash:|guestshell|app-hosting|iox|accounting|ssh|crypto|history|platform|boot|file|license|line|sessions|hosts|mac|mpls|bgp|isis|ospf|route|vrf|vlan|ntp|nat|radius|redundancy|reload|file|snmp|standby|tcp|udp|terminal|policy-map|class-map|route-map|environment|event|kron|debugging|controllers|diag|module|hardware|environment|lldp|feature|commit|admin|install|filesystem
show cdp neighbors|entry|interface|traffic detail
show lldp neighbors|entry|traffic detail
show ip route|interface|bgp|arp|ospf|access-lists|nat|ssh|http|sockets|cef|vrf|eigrp|protocols|flow|nhrp|dhcp brief|summary|neighbors|detail|translations|statistics|server
show ipv6 route|interface|bgp|neighbors|access-list brief|summary
show bgp summary|neighbors|ipv4|ipv6|vpnv4|all unicast|all summary
show mpls ldp|forwarding-table|traffic-eng|interfaces neighbor|tunnels
show isis neighbors|database|topology
show crypto isakmp|ipsec|key|pki|ikev2 sa|mypubkey
show interfaces description|status|summary|brief|counters|trunk
show logging last|logfile|onboard
show monitor capture|session *|all buffer|parameter
show snmp community|user|host|group|view
show aaa servers|sessions|users|method-lists|accounting|local
show configuration commit|failed|running-config|history|rollback|sessions changes|list
show accounting log
PIPE include|exclude|begin|section|count|redirect|append|tee|no-more|grep|egrep|json|xml
configure terminal|replace|network|memory|exclusive|session|overwrite-network|revert|confirm
copy running-config|startup-config|tftp:|ftp:|scp:|sftp:|http:|https:|flash:|bootflash:|nvram:|system:|rcp:|usbflash0:|disk0:|harddisk:|logging: running-config|startup-config|tftp:|ftp:|scp:|sftp:|http:|https:|flash:|bootflash:|nvram:|usbflash0:|disk0:|harddisk:
write memory|erase|terminal|network|core|file
monitor capture *|point|buffer interface|control-plane|match|access-list|buffer|limit|file|start|stop|export|clear|class-map|circular|associate|ip|ipv6
monitor session * source|destination|type|filter|description|shut interface|remote|ip|vlan|monitor|ipv4
monitor event-trace
clear logging|counters|line|ip|crypto|arp|mac|bgp|access-list|archive|aaa|cdp|log|history|accounting|users|ssh|ipv6|isis|ospf logfile|onboard|nvram|bgp|route|nat|interface|log|vty
terminal length|width|monitor|no|history|exec-timeout|shell|session-timeout
terminal no monitor
enable secret|password|algorithm-type|view
disable
exit
end
logout
reload in|at|cancel|location|slot|warm|module
delete /force|/recursive|flash:|bootflash:|nvram:|/noconfirm
erase startup-config|nvram:|flash:
dir flash:|bootflash:|nvram:|all|/all|/recursive|/all-filesystems|harddisk:|disk0:|usb0:
more flash:|bootflash:|nvram:|system:running-config|tftp:
guestshell enable|disable|destroy|run|portforwarding|reboot|resize bash|python|python3
app-hosting install|activate|start|stop|deactivate|uninstall|appid|connect|verification appid
request platform|system|shell software|hardware|shell package|system|trace
software install|clean|commit
install add|activate|commit|remove|rollback
run bash|guestshell|python
bash
python
tclsh
debug ip|crypto|tacacs|aaa|radius|packet|platform|condition packet|tcp|udp|authentication|authorization|accounting
undebug all
ping vrf|ip|ipv6
traceroute vrf|ip|ipv6
ssh -l|-vrf|-p|-v|vrf
telnet
connect
send log|break
test aaa|cable-diagnostics group
username * privilege|password|secret|role|algorithm-type|nopassword|ssh-cert-dn|sshkey|group|view|autocommand|keystring|key-hash|shell
username * privilege * secret|password
hostname
logging host|trap|buffered|console|monitor|on|facility|source-interface|origin-id|discriminator|userinfo|snmp-authfail|server|event|level|synchronous|enable|archive|persistent|rate-limit|queue-limit|count|logfile|history|esm|exception|vrf|format|local|timestamp
archive config|path|maximum|log|write-memory|tar|download-sw|upload-sw|time-period
archive log config
aaa new-model|authentication|authorization|accounting|group|session-id|local|server|common-criteria|user login|enable|commands|exec|network|config-commands|console|system|connection|update|server|dot1x|ppp|default|send|all
tacacs-server host|key|timeout|directed-request|administration|packet
tacacs server
radius-server host|key|timeout|retransmit|attribute|dead-criteria|deadtime|vsa
radius server
ip access-list|address|route|nat|ssh|http|ftp|tftp|scp|domain|name-server|dhcp|vrf|source-route|tcp|prefix-list|as-path|community-list|flow|flow-export|policy|unreachables|redirects|proxy-arp|mtu|ospf|nhrp|cef|helper-address|forward-protocol|traffic-export|unnumbered|access-group|multicast|pim|igmp|bgp|rcmd|finger|host|local|sla|icmp|classless|subnet-zero extended|standard|resequence|inside|outside|server|secure-server|port|secure-port|authentication|access-class|version|pubkey-chain|time-out|authentication-retries|source-interface|stricthostkeycheck|logging|client|rotary|enable|active-session-modules|max-connections
ipv6 access-list|address|route|unicast-routing|traffic-filter|enable|nd|ospf|nat
interface gigabitethernet|tengigabitethernet|hundredgige|fastethernet|loopback|tunnel|vlan|port-channel|ethernet|mgmt|virtualportgroup|bundle-ether|management|serial|bdi|nve|null|dialer|virtual-template
line vty|console|aux|default|template
access-list
access-class
access-group
transport input|output|preferred all|none|ssh|telnet
exec-timeout
tunnel source|destination|mode|protection|key|vrf|bandwidth|path-mtu-discovery|ttl gre|ipsec|ipip|ip|multipoint|ipv6ip|vxlan
router bgp|ospf|isis|eigrp|rip|ospfv3|static
neighbor
network
redistribute
snmp-server community|host|user|group|view|enable|location|contact|trap-source|engineid|ifindex|manager|packetsize|tftp-server-list|source-interface|chassis-id|queue-length|globalenforcepriv|protocol traps|informs
crypto key|isakmp|ipsec|map|pki|ikev2|keyring|engine generate|zeroize|import|export|pubkey-chain|policy|profile|transform-set|trustpoint|key|enroll rsa|ec
event manager|applet|syslog applet|environment|session|directory|policy|run|scheduler
action
kron occurrence|policy-list
service timestamps|password-encryption|sequence-numbers|tcp-keepalives-in|tcp-keepalives-out|config|pad|internal|compress-config|unsupported-transceiver|call-home|dhcp|finger|linenumber log|debug
boot system|config|bootldr|manual|host|network
banner motd|login|exec|incoming
shutdown
description
vrf definition|context|forwarding|member
mirror
span
feature bash-shell|tacacs+|ssh|telnet|nxapi|scp-server|sftp-server|guestshell|netconf|grpc|lldp|tunnel|bgp|ospf|isis
iox
vstack config|director|backup
netconf-yang
netconf ssh|agent|max-sessions
restconf
ntp server|peer|authenticate|authentication-key|trusted-key|source|access-group|update-calendar
clock set|timezone|summer-time|read-calendar|update-calendar
flow exporter|monitor|record|sampler
lawful-intercept disable
li-view
policy-map
class-map
route-map
commit label|comment|confirmed|replace|force|best-effort
rollback configuration running-config|last|to
admin
login block-for|on-failure|on-success|delay|quiet-mode log
privilege exec|configure|interface|line level|all|reset
parser view
tftp-server flash:|bootflash:|nvram:
verify /md5|/sha512
rename
mkdir
rmdir
format
attach
session
platform
key chain|config-key
cdp run|enable|timer
lldp run
set
setup
switchto vdc
do
no
default
access-enable
access-profile
access-template
cd
cns
clock
disconnect
help
lock
login
more
name-connection
pad
ppp
pwd
release
restart
resume
rlogin
rsh
slip
systat
tunnel
undelete
unlock
upgrade
which
who
where
config-register
control-plane
call-home
alias
cdp
class
default-information
dot1x
errdisable
multilink
object
object-group
password
prefix-list
spanning-tree
stackwise
switchport
template
track
vlan
vtp
xconnect
"""

JUNOS: Final = """
show configuration|interfaces|route|bgp|ospf|isis|arp|version|log|system|chassis|security|snmp|lldp|mpls|ldp|rsvp|firewall|ntp|cli|policy|services|class-of-service|pfe|vlans|ethernet-switching|ipv6|dhcp|subscribers|l2vpn|ldp|task|host|accounting|multicast
show system users|processes|uptime|commit|connections|login|storage|configuration|rollback|information|core-dumps|snapshot|license|software
show bgp summary|neighbor|group
show chassis hardware|alarms|routing-engine|environment|fpc|firmware
show route summary|forwarding-table|instance|protocol|table|terse|detail|extensive
show interfaces terse|descriptions|diagnostics|extensive|statistics|detail
show lldp neighbors|local-information|statistics
configure private|exclusive|batch|dynamic
request system|support|security|shell|chassis|vmhost|routing-engine reboot|software|halt|zeroize|snapshot|storage|configuration|scripts|license|information|login|power-off add|delete|rollback|cleanup|rescue|logout
start shell user|command|pfe
clear log|system|interfaces|bgp|security|ospf|isis|arp|firewall|snmp statistics|commit|reboot|login
file list|show|copy|delete|rename|compare|checksum|archive
monitor traffic|interface|start|stop|list interface
ssh
telnet
ping
traceroute
commit check|confirmed|comment|and-quit|synchronize|at|full
rollback
load merge|override|replace|set|patch|update|factory-default
save
edit
set system|interfaces|protocols|routing-options|routing-instances|policy-options|firewall|security|snmp|forwarding-options|services|applications|class-of-service|groups|chassis|event-options|vlans|access|accounting-options|dynamic-profiles|cli|logical-systems
delete system|interfaces|protocols|routing-options|routing-instances|policy-options|firewall|security|snmp|forwarding-options|services|applications|class-of-service|groups|chassis|event-options|vlans|access
deactivate system|interfaces|protocols|routing-options|routing-instances|policy-options|firewall|security|snmp|forwarding-options|services
activate system|interfaces|protocols|routing-options|routing-instances|policy-options|firewall|security|snmp|forwarding-options|services
exit configuration-mode
quit
test
restart
op
annotate
copy
deactivate
help
insert
rename
protect
replace
run
status
top
unprotect
up
wildcard
update
PIPE match|except|find|count|display|last|no-more|save|compare|hold|trim|resolve|request|refresh|append|tee
PIPE display set|xml|json|inheritance|commit-scripts|changed|detail|omit|relative
"""

VRP: Final = """
display current-configuration|saved-configuration|version|interface|ip|bgp|users|logbuffer|trapbuffer|device|arp|lldp|local-user|this|clock|history-command|cpu-usage|memory-usage|startup|elabel|ospf|isis|mpls|acl|ssh|snmp-agent|aaa|info-center|hwtacacs-server|radius-server|patch|license|diagnostic-information|tcp|udp|routing-table|vrrp|health|observe-port|configuration|traffic
display ip routing-table|interface|vpn-instance brief|statistics
display interface brief|description
display lldp neighbor|local brief
display bgp peer|routing-table|vpnv4 verbose
system-view
save
undo
reset logbuffer|trapbuffer|saved-configuration|counters|arp|bgp|recycle-bin
quit
return
local-user * password|privilege|service-type|level|idle-cut|state|ftp-directory|access-limit|user-group
aaa
acl
observe-port
port-mirroring
mirror
interface gigabitethernet|loopback|tunnel|vlanif|eth-trunk|ethernet|meth|null|100ge
tunnel-protocol gre|ipv4-ipv6|mpls
info-center loghost|enable|source|channel|logbuffer|timestamp|console
stelnet
telnet
ftp
tftp
sftp
scp
delete /unreserved
dir
copy
more
reboot fast
startup saved-configuration|system-software|patch
ssh user|server|client|authentication-type
snmp-agent community|target-host|usm-user|group|sys-info|trap
super password
user-interface vty|console|con|maximum-vty
hwtacacs-server template|shared-key|authentication|accounting|authorization
hwtacacs enable
ping
tracert
capture-packet
commit
cd
clock
debugging
local-aaa-server
language-mode
lldp
lock
mkdir
pwd
rename
rmdir
send
shutdown
terminal
upgrade
stack
return
rollback
PIPE include|exclude|begin|no-more|count|section|refresh
"""

# Spellings everybody types that begin more than one word.
ALIASES: Final[dict[str, dict[str, str]]] = {
    "ios": {
        "sh": "show",
        "sho": "show",
        "conf": "configure",
        "config": "configure",
        "wr": "write",
        "cop": "copy",
        "clea": "clear",
        "clr": "clear",
        "term": "terminal",
        "int": "interface",
        "mon": "monitor",
        "en": "enable",
        "del": "delete",
        "ex": "exit",
        "tel": "telnet",
        "tr": "traceroute",
        "user": "username",
        "un": "undebug",
        "desc": "description",
        "guest": "guestshell",
        "req": "request",
        "deb": "debug",
    },
    "junos": {"sh": "show", "conf": "configure", "req": "request", "del": "delete", "com": "commit", "mon": "monitor"},
    "vrp": {
        "dis": "display",
        "disp": "display",
        "sys": "system-view",
        "int": "interface",
        "cur": "current-configuration",
        "q": "quit",
    },
}
