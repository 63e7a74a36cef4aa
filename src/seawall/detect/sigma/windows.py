"""Windows log sources: which channel and event numbers a Sigma category or service means.

Channels are the names Windows gives its logs; numbers are those of Sysmon and of the Security log as Microsoft
documents them. Where two logs tell of the same thing (a process start in Sysmon 1 and Security 4688) both are
routes, with the other log's field names mapped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from seawall.detect.sigma.plan import And, Atom, Condition, Op, Or

Source = tuple[Condition | None, Mapping[str, str]]

SYSMON: Final = "Microsoft-Windows-Sysmon/Operational"

SERVICES: Final[dict[str, tuple[str, ...]]] = {
    "application": ("Application",),
    "applocker": (
        "Microsoft-Windows-AppLocker/MSI and Script",
        "Microsoft-Windows-AppLocker/EXE and DLL",
        "Microsoft-Windows-AppLocker/Packaged app-Deployment",
        "Microsoft-Windows-AppLocker/Packaged app-Execution",
    ),
    "appmodel-runtime": ("Microsoft-Windows-AppModel-Runtime/Admin",),
    "appxdeployment-server": ("Microsoft-Windows-AppXDeploymentServer/Operational",),
    "appxpackaging-om": ("Microsoft-Windows-AppxPackaging/Operational",),
    "bitlocker": ("Microsoft-Windows-BitLocker/BitLocker Management",),
    "bits-client": ("Microsoft-Windows-Bits-Client/Operational",),
    "capi2": ("Microsoft-Windows-CAPI2/Operational",),
    "certificateservicesclient-lifecycle-system": (
        "Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational",
    ),
    "codeintegrity-operational": ("Microsoft-Windows-CodeIntegrity/Operational",),
    "dhcp": ("Microsoft-Windows-DHCP-Server/Operational",),
    "diagnosis-scripted": ("Microsoft-Windows-Diagnosis-Scripted/Operational",),
    "dns-client": ("Microsoft-Windows-DNS Client Events/Operational",),
    "dns-server": ("DNS Server",),
    "dns-server-analytic": ("Microsoft-Windows-DNS-Server/Analytical",),
    "driver-framework": ("Microsoft-Windows-DriverFrameworks-UserMode/Operational",),
    "firewall-as": ("Microsoft-Windows-Windows Firewall With Advanced Security/Firewall",),
    "hyper-v-worker": ("Microsoft-Windows-Hyper-V-Worker",),
    "iis-configuration": ("Microsoft-IIS-Configuration/Operational",),
    "kernel-event-tracing": ("Microsoft-Windows-Kernel-EventTracing",),
    "kernel-shimengine": ("Microsoft-Windows-Kernel-ShimEngine/Operational",),
    "ldap": ("Microsoft-Windows-LDAP-Client/Debug",),
    "lsa-server": ("Microsoft-Windows-LSA/Operational",),
    "microsoft-servicebus-client": ("Microsoft-ServiceBus-Client",),
    "msexchange-management": ("MSExchange Management",),
    "ntfs": ("Microsoft-Windows-Ntfs/Operational",),
    "ntlm": ("Microsoft-Windows-NTLM/Operational",),
    "openssh": ("OpenSSH/Operational",),
    "powershell": ("Microsoft-Windows-PowerShell/Operational", "PowerShellCore/Operational"),
    "powershell-classic": ("Windows PowerShell",),
    "printservice-admin": ("Microsoft-Windows-PrintService/Admin",),
    "printservice-operational": ("Microsoft-Windows-PrintService/Operational",),
    "security": ("Security",),
    "security-mitigations": (
        "Microsoft-Windows-Security-Mitigations/Kernel Mode",
        "Microsoft-Windows-Security-Mitigations/User Mode",
    ),
    "shell-core": ("Microsoft-Windows-Shell-Core/Operational",),
    "smbclient-connectivity": ("Microsoft-Windows-SmbClient/Connectivity",),
    "smbclient-security": ("Microsoft-Windows-SmbClient/Security",),
    "smbserver-connectivity": ("Microsoft-Windows-SMBServer/Connectivity",),
    "sysmon": (SYSMON,),
    "system": ("System",),
    "taskscheduler": ("Microsoft-Windows-TaskScheduler/Operational",),
    "terminalservices-localsessionmanager": ("Microsoft-Windows-TerminalServices-LocalSessionManager/Operational",),
    "terminalservices-remoteconnectionmanager": (
        "Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational",
    ),
    "vhdmp": ("Microsoft-Windows-VHDMP/Operational",),
    "windefend": ("Microsoft-Windows-Windows Defender/Operational",),
    "wmi": ("Microsoft-Windows-WMI-Activity/Operational",),
}

# Categories Sysmon answers, with its event numbers.
_SYSMON_CATEGORIES: Final[dict[str, tuple[int, ...]]] = {
    "process_creation": (1,),
    "file_change": (2,),
    "network_connection": (3,),
    "sysmon_status": (4, 16),
    "process_termination": (5,),
    "driver_load": (6,),
    "image_load": (7,),
    "create_remote_thread": (8,),
    "raw_access_thread": (9,),
    "process_access": (10,),
    "file_event": (11,),
    "registry_add": (12,),
    "registry_delete": (12,),
    "registry_set": (13,),
    "registry_rename": (14,),
    "registry_event": (12, 13, 14),
    "create_stream_hash": (15,),
    "pipe_created": (17, 18),
    "wmi_event": (19, 20, 21),
    "dns_query": (22,),
    "file_delete": (23, 26),
    "clipboard_capture": (24,),
    "process_tampering": (25,),
    "file_block_executable": (27,),
    "file_block_shredding": (28,),
    "file_executable_detected": (29,),
    "sysmon_error": (255,),
}

# Categories other logs answer: channels, event numbers, and the names that log gives Sigma's fields.
_OTHER_CATEGORIES: Final[dict[str, tuple[tuple[tuple[str, ...], tuple[int, ...], dict[str, str]], ...]]] = {
    "process_creation": (
        (
            ("Security",),
            (4688,),
            {"Image": "NewProcessName", "ParentImage": "ParentProcessName", "User": "SubjectUserName"},
        ),
    ),
    "ps_module": ((SERVICES["powershell"], (4103,), {}),),
    "ps_script": ((SERVICES["powershell"], (4104,), {}),),
    "ps_classic_start": ((SERVICES["powershell-classic"], (400,), {}),),
    "ps_classic_provider_start": ((SERVICES["powershell-classic"], (600,), {}),),
    "ps_classic_script": ((SERVICES["powershell-classic"], (800,), {}),),
    "file_access": ((("Microsoft-Windows-Kernel-File/Analytic",), (), {}),),
    "file_rename": ((("Microsoft-Windows-Kernel-File/Analytic",), (), {}),),
    "antivirus": (
        (SERVICES["windefend"], (1006, 1007, 1008, 1009, 1010, 1011, 1012, 1017, 1018, 1019, 1115, 1116), {}),
    ),
}


def sources(category: str | None, service: str | None) -> tuple[Source, ...]:
    """Guards and field names for a Windows log source; empty for one we do not know.

    A source that names neither category nor service means every Windows event.
    """
    if category is None and service is None:
        return ((None, {}),)
    if category is None:
        channels = SERVICES.get(service or "")
        return ((guard(channels, ()), {}),) if channels else ()
    found: list[Source] = []
    if category in _SYSMON_CATEGORIES:
        found.append((guard((SYSMON,), _SYSMON_CATEGORIES[category]), {}))
    for channels, numbers, columns in _OTHER_CATEGORIES.get(category, ()):
        found.append((guard(channels, numbers), columns))
    return tuple(found)


def guard(channels: tuple[str, ...], numbers: tuple[int, ...]) -> Condition:
    """Events of these channels with one of these numbers (any number if none is named)."""
    where: Condition = Or(tuple(Atom("Channel", Op.EQUALS, channel) for channel in channels))
    if not numbers:
        return where
    return And((where, Or(tuple(Atom("EventID", Op.NUMBER, str(number)) for number in numbers))))
