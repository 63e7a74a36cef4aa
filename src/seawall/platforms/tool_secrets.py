# ruff: noqa: E501 - a pattern reads best in one piece
"""Passwords people give to programs on a command line: `curl -u ann:…`, `sshpass -p …`, `psexec -p …`.

Letters of options are compared with case (`mysql -P` is a port, `-p` a password), names of programs without. A rule
looks only as far as the command goes: `|`, `;` and `&&` end it. Every repetition is bounded.
"""

from __future__ import annotations

import re
from typing import Final

# In the common ground of Python's `re` and RE2, case-insensitive: no line without one of these can hold such a password.
PREFILTER: Final = (
    r"\b(?:curl|mysql\w*|mariadb\S*|mongo\w*|sshpass|(?:ps|wmi|smb|at|dcom|pa)exec\w*|winexe|winrs|plink|pscp|psftp|klink|"
    r"ldap\w+|smb\w+|rpcclient|crackmapexec|netexec|nxc|evil-winrm|xfreerdp\w*|wfreerdp|rdesktop|l?ftp|lftp|redis-cli|openssl|zip|7z\w?|"
    r"unrar|rar|sqlplus|expdp|impdp|sqlcmd|isql|bcp|hydra|medusa|ncrack|ipmitool|secretsdump|impacket-\w+|"
    r"echo|printf|htpasswd|useradd|usermod|chpasswd|kinit|cadaver|rsync|wget|svn|vncviewer)[. ]|"
    r"\bnet1?(?:\.exe)?\"?\s+use|"  # with its verb: half of all host names end in `.net`
    r"pgpassword|mysql_pwd|sshpass=|--[a-z\-]*pass"
)

_UP_TO: Final = r"(?:\.(?:exe|py))?\"?(?=\s)[^|;&\n]{0,300}?\s"  # the words between the program and the option
_ALONE: Final = r"(?P<v>\"[^\"\n]{0,200}\"|'[^'\n]{0,200}'|(?![-/|<$])[^\s\"'|;]{1,200})"
_AFTER_COLON: Final = r"(?P<v>[^\s\"'@]{1,200})"


def _of(programs: str, option: str, value: str = _ALONE) -> str:
    return rf"\b(?i:{programs}){_UP_TO}{option}{value}"


_WINDOWS: Final = (
    r"(?:ps|pa)exec(?:64)?|winexe|winrs|rpcclient|rdesktop|evil-winrm|crackmapexec|netexec|nxc|mongo\w{0,8}"
)
_SQL: Final = r"mysql\w{0,12}|mariadb(?:-\w{1,12})?"

RULES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        _of(r"curl|wget", r"(?:-[a-zA-Z]{0,8}[uU] ?|--user[ =]|--proxy-user[ =])[\"']?[^\s:\"']{1,100}:", _AFTER_COLON),
        _of(r"l?ftp|lftp", r"-u ?[^\s:,]{1,100}[:,]", _AFTER_COLON),
        _of(_SQL, r"-p", r"(?P<v>\"[^\"\n]{0,200}\"|'[^'\n]{0,200}'|(?!<)[^\s\"'|;]{1,200})"),
        _of(r"sshpass|hydra|medusa|ncrack|htpasswd|useradd|usermod", r"-p ?"),
        _of(_WINDOWS, r"[-/]p(?:ass(?:word)?)?[ :=] ?"),
        _of(r"plink|pscp|psftp|klink", r"-pw "),
        _of(r"ldap\w{3,10}", r"-w ?"),
        _of(r"smb\w{1,10}|rpcclient", r"-U ?[\"']?[^\s%\"']{1,100}%", _AFTER_COLON),
        _of(r"[xw]freerdp\d?", r"/p:"),
        _of(r"redis-cli", r"-a "),
        _of(r"openssl", r"-(?:k|K|pass(?:in|out)?) (?:pass:)?"),
        _of(r"zip|ipmitool|sqlcmd|isql|bcp|medusa", r"-P ?"),
        _of(r"7z\w?|rar|unrar", r"-p"),
        rf"\b(?i:sqlplus|expdp|impdp){_UP_TO[:-2]}\s\"?[A-Za-z][\w$]{{0,60}}/" + _AFTER_COLON,
        r"\b(?i:(?:ps|wmi|smb|at|dcom)exec|secretsdump|impacket-\w{2,20})(?:\.py)?\s[^|;&\n]{0,200}?(?:[^\s:/@]{1,60}/)?[^\s:/@]{1,60}:(?P<v>[^\s@:]{1,100})@",
        r"\b(?i:net1?(?:\.exe)?)\"?\s+(?i:user)\s+(?:\"[^\"]{1,64}\"|[^\s/]{1,64})\s+(?!\*)" + _ALONE,
        r"\b(?i:net1?(?:\.exe)?)\"?\s+(?i:use)\s+(?:\S:\s+)?\\\\\S{1,200}\s+(?!\*|/)" + _ALONE,
        r"\b(?:echo|printf)\s+(?:-\w{1,3}\s+)?(?P<v>\"[^\"\n]{1,200}\"|'[^'\n]{1,200}'|[^\s|\"'<]{1,200})\s*\|\s*(?:\S{0,60}/)?(?:sudo\s+-S|su\b|passwd\b|chpasswd\b|kinit\b|openssl\b|cryptsetup\b)",
        r"\b(?:PGPASSWORD|MYSQL_PWD|SSHPASS|RSYNC_PASSWORD|REDISCLI_AUTH)=" + _ALONE,
        r"\s--?[a-z\-]{0,20}pass(?:word|wd|phrase)?[ =]" + _ALONE,
    )
)
