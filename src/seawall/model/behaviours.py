"""Adversary behaviours against carriers: the ids that rules, findings and coverage print (`behaviour:A-01`).

The letter says the stage of an intrusion. ATT&CK ids are of the version in `model.attack`. Facts are in our own words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

STAGE_BY_LETTER: Final[dict[str, str]] = {
    "R": "reconnaissance",
    "A": "initial access",
    "E": "execution",
    "P": "persistence",
    "D": "defence evasion",
    "C": "credential access",
    "I": "discovery",
    "L": "lateral movement",
    "K": "collection",
    "N": "command and control",
    "X": "exfiltration",
}  # in the order an intrusion usually takes
STAGES: Final[tuple[str, ...]] = tuple(STAGE_BY_LETTER.values())


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One thing intruders do, by the id everything prints."""

    id: str
    name: str
    technique: str  # ATT&CK id, without version

    @property
    def stage(self) -> str:
        """The stage word its letter stands for."""
        return STAGE_BY_LETTER[self.id[0]]


def stage_of_behaviour(behaviour: str) -> str | None:
    """The stage word of a behaviour id such as `A-01`; None for what is no behaviour id."""
    return STAGE_BY_LETTER.get(behaviour[:1]) if behaviour[1:2] == "-" else None


_ROWS: Final[tuple[tuple[str, str, str], ...]] = (
    ("R-01", "Internet scan of router management and legacy ports", "T1595.001"),
    ("R-02", "Probe for exposed IOS XE WebUI", "T1595.002"),
    ("R-03", "Smart Install discovery", "T1595.001"),
    ("R-04", "SNMP community guessing", "T1110.001"),
    ("R-05", "Topology learned from stolen configs", "T1590.004"),
    ("A-01", "CVE-2023-20198 through double-encoded WSMA URL", "T1190"),
    ("A-02", "Config written by the WebUI process", "T1190"),
    ("A-03", "WebUI login by an unknown or look-alike vendor account", "T1078.003"),
    ("A-04", "CVE-2023-20273 file drop", "T1068"),
    ("A-05", "WebUI login through the internal port", "T1190"),
    ("A-06", "BadCandy implant answers", "T1505.003"),
    ("A-07", "Shell metacharacters in a package command", "T1059.008"),
    ("A-08", "CVE-2018-0171 Smart Install overflow", "T1190"),
    ("A-09", "Smart Install protocol misuse", "T1602.002"),
    ("A-10", "HTTP exec path on IOS", "T1059.008"),
    ("A-11", "Valid account from a new place", "T1078"),
    ("A-12", "Default or weak device credentials", "T1078.001"),
    ("A-13", "Password spray over many devices", "T1110.003"),
    ("A-14", "CVE-2024-3400 PAN-OS GlobalProtect", "T1190"),
    ("A-15", "CVE-2023-46805 + CVE-2024-21887 Ivanti", "T1190"),
    ("A-16", "Enterprise edge N-days used by Earth Estries", "T1190"),
    ("A-17", "Entry over a trusted provider link", "T1199"),
    ("A-18", "CVE-2025-20352 SNMP overflow", "T1190"),
    ("A-19", "NX-OS CLI injection CVE-2024-20399", "T1068"),
    ("A-20", "SD-WAN controller rogue peer CVE-2026-20127", "T1190"),
    ("A-21", "Citrix / VPN gateway to SnappyBee", "T1190"),
    ("A-22", "SSH brute force on edge devices (ORB builders)", "T1110.001"),
    ("E-01", "Guest Shell switched on", "T1610"),
    ("E-02", "Commands inside Guest Shell", "T1609"),
    ("E-03", "Host CLI driven from the container", "T1059.008"),
    ("E-04", "Guest Shell removed soon after use", "T1070.009"),
    ("E-05", "Container networking prepared", "T1543.005"),
    ("E-06", "Tcl proxy scripts", "T1059"),
    ("E-07", "EEM applet or kron as autorun", "T1037"),
    ("E-08", "Underlying shell on NX-OS / IOS XR", "T1059.004"),
    ("E-09", "Tool transfer to device flash", "T1105"),
    ("E-10", "WMIC / PsExec in the enterprise part", "T1047"),
    ("E-11", "Encoded PowerShell and cab unpacking", "T1059.001"),
    ("P-01", "New local privileged account", "T1136.001"),
    ("P-02", "Linux-level users on the network OS", "T1136"),
    ("P-03", "sudo rights and setuid", "T1548.003"),
    ("P-04", "SSH authorised keys", "T1098.004"),
    ("P-05", "IOS XR operator SSH on 57722", "T1021.004"),
    ("P-06", "SSH on a high port", "T1571"),
    ("P-07", "HTTP(S) management moved", "T1571"),
    ("P-08", "Permit line for actor address in a common ACL", "T1562.013"),
    ("P-09", "VTY access-class lifted and put back", "T1562.013"),
    ("P-10", "GRE tunnel", "T1572"),
    ("P-11", "mGRE or IPsec tunnel", "T1572"),
    ("P-12", "Static routes or policy routing for actor traffic", "T1599"),
    ("P-13", "SNMP read-write added or loosened", "T1098"),
    ("P-14", "Insecure management switched on", "T1562"),
    ("P-15", "AAA method list changed to local first", "T1556.004"),
    ("P-16", "Modified boot image (SYNful Knock family)", "T1601.001"),
    ("P-17", "ROMMON, boot variable or TFTP boot change", "T1542.005"),
    ("P-18", "In-memory switch rootkit (Zero Disco)", "T1014"),
    ("P-19", "TinyShell variants on Junos", "T1036.005"),
    ("P-20", "J-magic / cd00r on Junos", "T1205"),
    ("P-21", "ASA / FTD implants", "T1542"),
    ("P-22", "BPFDoor on Linux core nodes", "T1205.002"),
    ("P-23", "PAM or SSH backdoor on telecom Unix", "T1556.003"),
    ("P-24", "DLL side-loading by old AV binaries", "T1574.001"),
    ("P-25", "Demodex kernel rootkit", "T1014"),
    ("P-26", "F5 / load balancer foothold", "T1037.004"),
    ("D-01", "Local log buffer cleared", "T1070"),
    ("D-02", "Log forwarding stopped", "T1562"),
    ("D-03", "Logging level lowered", "T1562"),
    ("D-04", "Command accounting removed", "T1562"),
    ("D-05", "JumbledPath cleans every hop", "T1070.002"),
    ("D-06", "Linux logs wiped", "T1070.002"),
    ("D-07", "Loopback readdressed to pass ACLs", "T1562.013"),
    ("D-08", "Short-lived change", "T1070"),
    ("D-09", "Running differs from startup / from what show says", "T1014"),
    ("D-10", "Device falls silent", "T1562"),
    ("D-11", "ASA message suppression", "T1562"),
    ("D-12", "Junos logging blocked before operator login", "T1562.003"),
    ("D-13", "Clock moved", "T1124"),
    ("D-14", "Flow export turned off", "T1562"),
    ("D-15", "BPFDoor masquerade", "T1036.011"),
    ("D-16", "Source hidden by chained hops", "T1665"),
    ("D-17", "Capture buffer deleted", "T1070.004"),
    ("C-01", "Embedded packet capture of TACACS+", "T1040"),
    ("C-02", "Capture exported to flash", "T1074.001"),
    ("C-03", "SPAN / RSPAN", "T1020.001"),
    ("C-04", "ERSPAN to a remote collector", "T1020.001"),
    ("C-05", "Capture on other OS", "T1040"),
    ("C-06", "TACACS+ pointed at the actor", "T1556.004"),
    ("C-07", "RADIUS pointed at the actor", "T1556.004"),
    ("C-08", "Weaker secret handling forced", "T1600"),
    ("C-09", "Config dump for offline cracking", "T1602.002"),
    ("C-10", "Trojaned TACACS+ daemon", "T1554"),
    ("C-11", "Device private keys exported", "T1552.004"),
    ("C-12", "LSASS and Kerberos theft", "T1003.001"),
    ("C-13", "Browser credential theft (TrillClient)", "T1555.003"),
    ("C-14", "Versa Director hook", "T1056.004"),
    ("C-15", "Automation credentials used by hand", "T1078.002"),
    ("I-01", "Reconnaissance burst on one device", "T1082"),
    ("I-02", "Routing and VPN enumeration", "T1016"),
    ("I-03", "SNMP walk", "T1602.001"),
    ("I-04", "Probe burst out of a router", "T1018"),
    ("I-05", "Mobile-core scanning (CordScan)", "T1046"),
    ("L-01", "Router to router SSH", "T1021.004"),
    ("L-02", "SSH out of Guest Shell in another VRF", "T1021.004"),
    ("L-03", "SNMP SET to change peers", "T1569"),
    ("L-04", "Same credential on many devices", "T1078"),
    ("L-05", "Provider to provider pivot", "T1199"),
    ("L-06", "GRX / eDNS hop", "T1021.004"),
    ("L-07", "Jump host to management plane", "T1021.001"),
    ("K-01", "Configs gathered and staged", "T1005"),
    ("K-02", "JumbledPath remote capture", "T1560"),
    ("K-03", "Customer or ISP traffic captured on box", "T1040"),
    ("K-04", "Archive with tar, openssl or RAR", "T1560.001"),
    ("K-05", "Intercept target list read outside a case", "T1213"),
    ("K-06", "Intercept started without a warrant", "T1119"),
    ("K-07", "Delivery address not an agency", "T1020.001"),
    ("K-08", "Tap set by SNMP on a router", "T1040"),
    ("K-09", "Junos flow-tap abuse", "T1040"),
    ("K-10", "LI software features used without LI front end", "T1119"),
    ("K-11", "Call record bulk export", "T1213"),
    ("K-12", "SMS interception on SMSC (MESSAGETAP)", "T1040"),
    ("K-13", "Subscriber key theft from HSS / UDM", "T1005"),
    ("K-14", "Location and profile queries in signalling", "T1430.002"),
    ("N-01", "Router starts sessions itself", "T1090"),
    ("N-02", "GRE or IPsec to VPS", "T1572"),
    ("N-03", "STOWAWAY multi-hop proxy", "T1090.003"),
    ("N-04", "SSH on a non-SSH port", "T1571"),
    ("N-05", "GTPDOOR", "T1095"),
    ("N-06", "ICMP triggered shells (PingPong, EchoBackdoor)", "T1095"),
    ("N-07", "SGSN emulator tunnel", "T1572"),
    ("N-08", "SIGTRAN carriage", "T1095"),
    ("N-09", "BPFDoor magic packet", "T1205.002"),
    ("N-10", "SoftEther, reverse SSH and FRP-like relays", "T1572"),
    ("N-11", "Peer-to-peer C2 (PeerTime)", "T1071"),
    ("N-12", "C2 domains", "T1071.001"),
    ("N-13", "Internal host as proxy (Velvet Ant)", "T1090.001"),
    ("X-01", "Capture or config copied off the router", "T1048.003"),
    ("X-02", "CONFIG-COPY by SNMP", "T1048.003"),
    ("X-03", "Golang SFTP clients", "T1048.002"),
    ("X-04", "Leaving over peering", "T1599"),
    ("X-05", "Traffic mirrored out", "T1020.001"),
    ("X-06", "curl to file sharing", "T1567.002"),
    ("X-07", "Data through GRE / MPLS to another network", "T1572"),
)

BEHAVIOURS: Final[dict[str, Behaviour]] = {row[0]: Behaviour(*row) for row in _ROWS}
