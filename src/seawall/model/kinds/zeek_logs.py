"""Zeek's many other logs: a kind each for those detectors ask, one open kind for all that are left.

Only columns that need a type or are asked by name stand here; everything else a log holds is kept as text.
"""

from __future__ import annotations

from typing import Final

from seawall.model.columns import Column, EventKind

_CONNECTION: Final = (
    Column("uid", "text", "Zeek's id of the connection"),
    Column("id_orig_h", "text", "client address"),
    Column("id_orig_p", "int", "client port"),
    Column("id_resp_h", "text", "server address"),
    Column("id_resp_p", "int", "server port"),
)


def _text(**columns: str) -> tuple[Column, ...]:
    return tuple(Column(name, "text", doc) for name, doc in columns.items())


def _kind(log: str, doc: str, *columns: Column, ends: bool = True, views: tuple[str, ...] = ()) -> EventKind:
    own = (*(_CONNECTION if ends else ()), *columns)
    what = f"{doc} ({log}.log)." if log != "other" else f"{doc}."
    return EventKind(f"zeek_{log}", what, own, open_ended=True, views=views)


KINDS: Final[tuple[EventKind, ...]] = (
    _kind(
        "files",
        "A file Zeek saw pass",
        *_text(
            fuid="Zeek's id of the file",
            source="protocol it passed over",
            mime_type="type by its first bytes",
            filename="name, where the protocol carries one",
            md5="MD5, hex",
            sha1="SHA-1, hex",
            sha256="SHA-256, hex",
        ),
        Column("seen_bytes", "int", "octets seen"),
        Column("total_bytes", "int", "octets it should have"),
    ),
    _kind(
        "x509",
        "A certificate Zeek saw",
        *_text(
            fingerprint="SHA-256 of the certificate, hex",
            certificate_serial="serial number, hex",
            certificate_subject="whom it names",
            certificate_issuer="who signed it",
            san_dns="further names, comma-separated",
        ),
        ends=False,
    ),
    _kind(
        "notice",
        "Something Zeek's own scripts found worth telling",
        *_text(
            note="kind of notice, e.g. Scan::Port_Scan", msg="sentence", sub="more of it", src="source", dst="target"
        ),
        Column("p", "int", "port of the server"),
    ),
    _kind("weird", "Traffic that breaks its protocol", *_text(name="kind of oddity", addl="more of it")),
    _kind(
        "intel",
        "A value of an intelligence feed Zeek saw",
        *_text(
            seen_indicator="the value",
            seen_indicator_type="Intel::ADDR …",
            seen_where="where it stood",
            sources="feeds that name it",
        ),
    ),
    _kind(
        "snmp",
        "An SNMP session",
        Column("duration", "float", "seconds"),
        *_text(version="1, 2c or 3", community="community, masked", display_string="sysDescr of the agent"),
        Column("get_requests", "int", "variables asked for by GET"),
        Column("get_bulk_requests", "int", "variables asked for by GETBULK"),
        Column("get_responses", "int", "variables answered"),
        Column("set_requests", "int", "variables set"),
    ),
    _kind(
        "radius",
        "A RADIUS authentication; the client is the network access server",
        *_text(
            username="account", mac="MAC address of the user", framed_addr="address given", result="success, failed"
        ),
        views=("logins",),
    ),
    _kind(
        "kerberos",
        "A Kerberos exchange; AS exchanges are logins",
        *_text(request_type="AS or TGS", client="principal", service="service asked for", error_msg="why it failed"),
        Column("success", "bool", "whether a ticket was given"),
        views=("logins",),
    ),
    _kind(
        "ntlm",
        "An NTLM authentication",
        *_text(username="account", hostname="machine of the client", domainname="domain"),
        Column("success", "bool", "whether it worked"),
        views=("logins",),
    ),
    _kind("rdp", "An RDP session", *_text(cookie="account or cookie offered", result="how the connection went")),
    _kind(
        "smb_files",
        "A file touched over SMB",
        *_text(action="SMB::FILE_OPEN …", path="share on the server", name="name of the file"),
    ),
    _kind("smb_mapping", "A share mapped over SMB", *_text(path="share on the server", share_type="DISK, PIPE …")),
    _kind(
        "dce_rpc", "A DCE/RPC call", *_text(named_pipe="pipe it came over", endpoint="interface", operation="operation")
    ),
    _kind(
        "ftp",
        "An FTP command with a reply",
        *_text(command="command", arg="argument", reply_msg="text of the reply"),
        Column("reply_code", "int", "code of the reply"),
    ),
    _kind(
        "smtp",
        "A message carried by SMTP",
        *_text(
            helo="name of the client", mailfrom="sender", rcptto="recipients", subject="Subject", user_agent="program"
        ),
    ),
    _kind(
        "tunnel",
        "A tunnel Zeek unwrapped",
        *_text(tunnel_type="Tunnel::GRE …", action="Tunnel::DISCOVER …"),
        views=("flows",),
    ),
    _kind(
        "dhcp",
        "A DHCP conversation",
        *_text(client_addr="client", server_addr="server", mac="client MAC", host_name="client name"),
        *_text(assigned_addr="address given", msg_types="messages, comma-separated"),
        ends=False,
    ),
    _kind(
        "software",
        "Software Zeek recognised",
        *_text(host="address", software_type="class of software", name="name of the software"),
        ends=False,
    ),
    _kind(
        "other",
        "A record of any further Zeek log, those of packages and those nobody knows included",
        *_text(log="the log's own name, as in its `#path` line or file name; null if nothing says it"),
    ),
)
