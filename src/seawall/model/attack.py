"""MITRE ATT&CK ids we print: names and tactics, kept here because nothing may be fetched at run time.

A technique that serves several tactics stands under the one it mostly shows in a network; a finding's behaviour
says more than its technique, so the tactic here is only the fallback. Unknown ids are printed as they are.
"""

from __future__ import annotations

from typing import Final

ATTACK_VERSION: Final = "18"  # November 2025

TACTICS: Final[tuple[str, ...]] = (
    "reconnaissance",
    "initial access",
    "execution",
    "persistence",
    "privilege escalation",
    "defence evasion",
    "credential access",
    "discovery",
    "lateral movement",
    "collection",
    "command and control",
    "exfiltration",
    "impact",
)

# ATT&CK calls it "Defense Evasion"; our words are British. Ids are ATT&CK's own.
TACTIC_IDS: Final[dict[str, str]] = {
    "reconnaissance": "TA0043",
    "initial access": "TA0001",
    "execution": "TA0002",
    "persistence": "TA0003",
    "privilege escalation": "TA0004",
    "defence evasion": "TA0005",
    "credential access": "TA0006",
    "discovery": "TA0007",
    "lateral movement": "TA0008",
    "collection": "TA0009",
    "command and control": "TA0011",
    "exfiltration": "TA0010",
    "impact": "TA0040",
}

_TECHNIQUES_BY_TACTIC: Final[dict[str, str]] = {
    "reconnaissance": "T1589 T1590 T1595",
    "initial access": "T1078 T1133 T1190 T1199 T1566",
    "execution": "T1047 T1053 T1059 T1204 T1569 T1609 T1610",
    "persistence": "T1037 T1098 T1136 T1205 T1505 T1542 T1543 T1546 T1547 T1554 T1574",
    "privilege escalation": "T1055 T1068 T1134 T1548",
    "defence evasion": "T1014 T1027 T1036 T1070 T1112 T1127 T1140 T1197 T1202 T1218 T1562 T1564 T1599 T1600 "
    "T1601 T1685 T1686",
    "credential access": "T1003 T1040 T1110 T1552 T1555 T1556 T1557 T1558",
    "discovery": "T1016 T1018 T1033 T1046 T1049 T1057 T1069 T1082 T1083 T1087 T1124 T1135 T1482",
    "lateral movement": "T1021 T1210 T1550 T1570",
    "collection": "T1005 T1056 T1074 T1114 T1119 T1213 T1430 T1560 T1602",
    "command and control": "T1071 T1090 T1095 T1105 T1219 T1568 T1571 T1572 T1573 T1665",
    "exfiltration": "T1020 T1030 T1041 T1048 T1567",
    "impact": "T1486 T1489 T1490 T1498 T1529",
}
_TACTIC_OF: Final[dict[str, str]] = {
    technique: tactic for tactic, line in _TECHNIQUES_BY_TACTIC.items() for technique in line.split()
}

TECHNIQUE_NAMES: Final[dict[str, str]] = {
    "T1003.001": "LSASS Memory",
    "T1005": "Data from Local System",
    "T1014": "Rootkit",
    "T1016": "System Network Configuration Discovery",
    "T1018": "Remote System Discovery",
    "T1020.001": "Traffic Duplication",
    "T1021.001": "Remote Desktop Protocol",
    "T1021.004": "SSH",
    "T1036.005": "Match Legitimate Resource Name or Location",
    "T1036.011": "Overwrite Process Arguments",
    "T1037": "Boot or Logon Initialization Scripts",
    "T1037.004": "RC Scripts",
    "T1040": "Network Sniffing",
    "T1046": "Network Service Discovery",
    "T1047": "Windows Management Instrumentation",
    "T1048.002": "Exfiltration Over Asymmetric Encrypted Non-C2 Protocol",
    "T1048.003": "Exfiltration Over Unencrypted Non-C2 Protocol",
    "T1056.004": "Credential API Hooking",
    "T1059": "Command and Scripting Interpreter",
    "T1059.001": "PowerShell",
    "T1059.004": "Unix Shell",
    "T1059.008": "Network Device CLI",
    "T1068": "Exploitation for Privilege Escalation",
    "T1070": "Indicator Removal",
    "T1070.002": "Clear Linux or Mac System Logs",
    "T1070.004": "File Deletion",
    "T1070.009": "Clear Persistence",
    "T1071": "Application Layer Protocol",
    "T1071.001": "Web Protocols",
    "T1074.001": "Local Data Staging",
    "T1078": "Valid Accounts",
    "T1078.001": "Default Accounts",
    "T1078.002": "Domain Accounts",
    "T1078.003": "Local Accounts",
    "T1082": "System Information Discovery",
    "T1090": "Proxy",
    "T1090.001": "Internal Proxy",
    "T1090.003": "Multi-hop Proxy",
    "T1095": "Non-Application Layer Protocol",
    "T1098": "Account Manipulation",
    "T1098.004": "SSH Authorized Keys",
    "T1105": "Ingress Tool Transfer",
    "T1110.001": "Password Guessing",
    "T1110.003": "Password Spraying",
    "T1119": "Automated Collection",
    "T1124": "System Time Discovery",
    "T1136": "Create Account",
    "T1136.001": "Local Account",
    "T1190": "Exploit Public-Facing Application",
    "T1199": "Trusted Relationship",
    "T1205": "Traffic Signaling",
    "T1205.002": "Socket Filters",
    "T1213": "Data from Information Repositories",
    "T1430.002": "Location Tracking: Impersonate SS7 Nodes",
    "T1505.003": "Web Shell",
    "T1542": "Pre-OS Boot",
    "T1542.005": "TFTP Boot",
    "T1543.005": "Container Service",
    "T1548.003": "Sudo and Sudo Caching",
    "T1552.004": "Private Keys",
    "T1554": "Compromise Host Software Binary",
    "T1555.003": "Credentials from Web Browsers",
    "T1556.003": "Pluggable Authentication Modules",
    "T1556.004": "Network Device Authentication",
    "T1560": "Archive Collected Data",
    "T1560.001": "Archive via Utility",
    "T1562": "Impair Defenses",
    "T1562.003": "Impair Command History Logging",
    "T1562.013": "Disable or Modify Network Device Firewall",
    "T1567.002": "Exfiltration to Cloud Storage",
    "T1569": "System Services",
    "T1571": "Non-Standard Port",
    "T1572": "Protocol Tunneling",
    "T1574.001": "DLL",
    "T1590.004": "Network Topology",
    "T1595.001": "Scanning IP Blocks",
    "T1595.002": "Vulnerability Scanning",
    "T1599": "Network Boundary Bridging",
    "T1600": "Weaken Encryption",
    "T1601.001": "Patch System Image",
    "T1602.001": "SNMP (MIB Dump)",
    "T1602.002": "Network Device Configuration Dump",
    "T1609": "Container Administration Command",
    "T1610": "Deploy Container",
    "T1665": "Hide Infrastructure",
}


def technique_id(attack: str) -> str:
    """The bare id of what a finding carries: `T1136.001@18` gives `T1136.001`."""
    return attack.partition("@")[0]


def tactic_of(attack: str) -> str | None:
    """The tactic a technique mostly serves; None when the id is unknown to this table."""
    return _TACTIC_OF.get(technique_id(attack).partition(".")[0])


def technique_name(attack: str) -> str:
    """The name of a technique, or an empty text when the id is unknown to this table."""
    return TECHNIQUE_NAMES.get(technique_id(attack), "")
