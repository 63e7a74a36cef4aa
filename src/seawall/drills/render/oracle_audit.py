"""Oracle's audit trail: XML, the text file of the operating system, and the unified trail as CSV."""

from __future__ import annotations

import csv
import html
import io
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from seawall.drills.render.sender import MONTHS, WEEKDAYS

FORMS: Final = ("xml", "text", "csv")
_NUMBERS: Final = {"SELECT": 3, "UPDATE": 6, "DELETE": 7, "INSERT": 2, "LOGON": 100, "LOGOFF": 101}


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did in a database."""

    time: datetime  # UTC, whole seconds
    user: str
    client: str
    action: str  # SELECT, UPDATE …, LOGON, LOGOFF
    schema: str = ""
    name: str = ""
    statement: str = ""
    code: int = 0


def write(deed: Deed, form: str = "xml") -> str:
    """The deed as one file of its own, in one of `FORMS`."""
    if form == "xml":
        return _xml(deed)
    return _csv(deed) if form == "csv" else _text(deed)


def _address(deed: Deed) -> str:
    return f"Authenticated by: DATABASE; Client address: (ADDRESS=(PROTOCOL=tcp)(HOST={deed.client})(PORT=50432))"


def _xml(deed: Deed) -> str:
    fields = {
        "Audit_Type": 1,
        "Session_Id": 1201,
        "Extended_Timestamp": f"{deed.time:%Y-%m-%dT%H:%M:%S}.000000Z",
        "DB_User": deed.user,
        "OS_User": "oper",
        "Userhost": "ws1",
        "Action": _NUMBERS[deed.action],
        "Returncode": deed.code,
        "Object_Schema": deed.schema,
        "Object_Name": deed.name,
        "Comment_Text": _address(deed),
        "Sql_Text": deed.statement,
    }
    inside = "".join(f"<{name}>{html.escape(str(value))}</{name}>\n" for name, value in fields.items() if value != "")
    top = '<?xml version="1.0" encoding="UTF-8"?>\n<Audit xmlns="http://xmlns.oracle.com/oracleas/schema/audit">\n'
    return f"{top}<AuditRecord>{inside}</AuditRecord>\n</Audit>\n"


def _text(deed: Deed) -> str:
    t = deed.time
    stamp = f"{WEEKDAYS[t.weekday()]} {MONTHS[t.month]} {t.day:2d} {t:%H:%M:%S} {t.year} +00:00"
    fields = {
        "SESSIONID": "1201",
        "USERID": deed.user,
        "ACTION": str(_NUMBERS[deed.action]),
        "RETURNCODE": str(deed.code),
        "OBJ$CREATOR": deed.schema,
        "OBJ$NAME": deed.name,
        "COMMENT$TEXT": _address(deed),
    }
    said = " ".join(f'{name}:[{len(value)}] "{value}"' for name, value in fields.items() if value)
    return f'Audit file /u01/adump/crm_ora_1.aud\nOracle Database 19c\n\n{stamp}\nLENGTH: "{len(said)}"\n{said}\n'


def _csv(deed: Deed) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        (
            "EVENT_TIMESTAMP",
            "DBUSERNAME",
            "ACTION_NAME",
            "OBJECT_SCHEMA",
            "OBJECT_NAME",
            "SQL_TEXT",
            "RETURN_CODE",
            "USERHOST",
            "OS_USERNAME",
        )
    )
    stamp = f"{deed.time:%d}-{MONTHS[deed.time.month].upper()}-{deed.time:%y} {deed.time:%I.%M.%S.000000 %p} +00:00"
    cells = (stamp, deed.user, deed.action, deed.schema, deed.name, deed.statement, deed.code, deed.client, "oper")
    writer.writerow(cells)
    return out.getvalue()
