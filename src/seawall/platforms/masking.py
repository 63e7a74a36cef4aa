"""Secrets out of evidence, before a row or a reject exists.

Each rule finds one place where vendors write passwords, keys, communities or hashes, and puts `<masked>` in place of
the value, so the line keeps its shape: a rule can still see that a password was set, never which. Masking twice is
masking once. When in doubt it masks: a word too many costs a reader a moment, a word too few costs the carrier.

Evidence is hostile: every repetition inside a rule is bounded, so that a line made to be slow is not.

`ANY_SECRET` is one cheap search that says whether any rule can have work; lines it passes over are never touched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from seawall.platforms import tool_secrets
from seawall.platforms.needed import Gated, folded

MASK: Final = "<masked>"

# One search, in the common ground of Python's `re` and RE2 (Arrow), case-insensitive.
PREFILTER: Final = (
    r"passw(?:or)?d[^ =:\t]{0,20}[ =:\t]+(?:[^f ]|f[^o]|fo[^r]|for[^ ])|passwd|phash|passphrase|secret|"
    r"keystring|key-octet-string|nt-encrypted|privacy-mode|macsec|\bpsk|-psk|psksecret|cvauth=key|"
    r"\bpwd|\bkey(?:-string|ring)?[\"']?[ =:\t]|-key[\"']?[ =:\t]|community|snmp-server (?:host|user)|securityname|"
    r"\$[0-9a-z]{1,8}\$|\bENC |://[^ /:@]*:|authorization|bearer |token|api[_-]?key|snmp(?:get|walk|bulk|set)|"
    r"auth(?:entication)? (?:md5|sha|hmac)|\bpriv (?:des|3des|aes)|(?:standby|vrrp|glbp) [0-9]+ authentication|"
    r"\bkey [0-9a-f]{2,64} [078]|"
    r"nhrp authentication|authentication-mode|config-key|private key|ascii-text|hexadecimal|"
    r"(?:message-digest-key|\bmd5) |%\^%#|%@%@|%\$%\$|@%@%|\^\^\^|usern|(?:pki|key) (?:export|import)|"
    r"snmp-s\w* com|\bena\w* (?:sec|pas)|\bidentified\s+(?:by|with)"
)
ANY_SECRET: Final = f"{PREFILTER}|{tool_secrets.PREFILTER}"  # for whoever searches many lines at once

_NOT = (  # words that follow `password` and the like without being one
    # nor is the next field of a CEF or LEEF record: `act=Retrieve password suser=ann`
    r"(?!(?:[sd](?:user|host|pt|rc|st|priv|uid|proc)|dvc(?:host)?|fname|reason|outcome|act|app|msg|cat|rt|start|end|"
    r"externalId|request|c[sn]\d(?:Label)?|usrName|deviceExternalId|filePath)=)"
    r"(?!(?:for|is|has|was|will|must|and|or|not|from|to|of|on|in|by|with|using|the|a|expired|expires|expiry|changed|"
    r"change|policy|prompt|recovery|required|requires|encryption|strength|incorrect|invalid|mismatch|failed|failure|"
    r"reset|type|check|attempt|attempts|authentication|authenticated|login|set|aging|length|minimum|history|none|"
    r"accepted|rejected|received|sent|md5|key-string|key-chain|mode|text|strength-check|change-type|"
    r"(?:min(?:imum)?|max(?:imum)?)-(?:length|upper-cases|lower-cases|numerics|punctuations|(?:character-)?changes|reuse|"
    r"lifetime|age))(?=[\s.,;:)\]]|$))"
)
_KINDS = (  # words and digits between the keyword and the value; possessive, so that none is taken for the value
    r"(?:(?:level \d{1,2}|\d{1,2}a?|encrypted|unencrypted|plain-text|plaintext|plain|cipher|"
    r"irreversible-cipher|simple|clear-text|cleartext|clear|hash2?|sha\d*|md5|hmac-\S{1,20}|"
    r"scrypt|ENC|nt-encrypted|local|remote|text|ascii-text|hexadecimal|hex|"
    r"ascii|custom|bcrypt|pbkdf2|ldap|read|write|key|address [0-9a-fA-F.:/]+|hostname \S{1,80})\s+)*+"
)
_VALUE = (
    r"(?P<v>\"(?:[^\"\\]|\\.){0,300}\"|'[^']{0,300}'|"
    r"(?!\*+(?:[\s\"';,)\]]|$)|<masked>|[\]){};,]+(?:\s|$))[^\s\"']\S*?(?=[\"']{0,3}[;,)\].]{0,4}(?:\s|<cr>|$)))"
)

_SUDO = r"(?!(?<=PWD=)/[^;\n]{0,300} ; (?:USER|GROUP|TSID|ENV|COMMAND)=)"  # the folder sudo was run in

_KEYWORDS = (
    r"(?:password|passwd|phash|secret|passphrase|pre-shared-key|preshared-key|psksecret|shared-secret|shared-key|key-string|"
    r"encrypted-password|authentication-key|privacy-key|authentication-password|privacy-password|auth-password|"
    r"priv-password|priv-key|auth-key|secret-key|private-key|hello-authentication-key|plain-text-password-value|"
    r"client-secret|community-name|keystring|server-key|notify-community|dynamic-psk|md5-key|sso-key|"
    r"snmp-community-string|(?:auth|priv|privacy)-?pwd|key-octet-string|nt-encrypted|ascii-text|hexadecimal|set-key|wpa-psk|wpa-passphrase|passphrase-key|mac-key|securityname|"
    r"config-key(?:\s+password-encrypt)?+|bind-password|radius-secret|simple-password|encryption-key)"
)

_RULES: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<v>-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z ]{0,20}PRIVATE KEY-----|\Z))",
        r"(?P<v>\$(?:\d{1,2}[abxy]?|sha1|sha512|y|argon2id?|nt)\$[^\s\"';)\]<]+)",
        r"(?P<v>%\^%#.{1,300}?%\^%#|%@%@.{1,300}?%@%@|%\$%\$.{1,300}?%\$%\$|@%@%.{1,300}?@%@%|\^\^\^.{1,300}?\^\^\^)",
        r"://[^\s/:@]{0,64}:(?!\d{1,5}/)(?P<v>\S{1,300})@",
        r"\bcvauth=key,(?P<v>[^\s,\"']{1,300})",
        r"\bENC\s+(?P<v>[^\s\"';]+)",
        # a peer, a key's name or an interface stands between the keyword and the value
        r"\bmd5-password\s+(?:cipher|plain)\s+[\d.]{7,15}\s+" + _VALUE,
        r"(?:^|\s)key\s+[0-9a-f]{2,64}\s+(?:0|7|8a)\s+" + _VALUE,
        r"\bfailover\s+key\s+(?:hex\s+)?+" + _VALUE,
        r"\bsnmp-server\s+community-map\s+" + _VALUE,
        r"\bsnmp-server\s+host\s+[a-z]\S{0,63}\s+(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9a-f]{0,4}:[0-9a-f:.]{1,40})"
        r"(?:\s+(?:traps?|poll))?+(?:\s+community)?+\s+(?:[08]\s+)?+"
        r"(?!(?:traps?|poll|community|version|udp-port)(?=\s|$))" + _VALUE,
        r"(?<![A-Za-z0-9])" + _KEYWORDS + r"\s+" + _KINDS + _NOT + _VALUE,
        # key=value, key: value and JSON
        r"(?:\b|_)(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|psk(?:secret)?|private[_-]?key|"
        r"community|access_key|shared[_-]?key|encryption[_-]?key)[\"']?\s*[=:]\s*" + _SUDO + _NOT + _VALUE,
        r"\bauthorization[\"']?\s*[:=]\s*[\"']?(?:(?:basic|bearer|digest|token|negotiate)\s+)?+" + _VALUE,
        r"\b(?:bearer|basic)\s+(?P<v>[A-Za-z0-9+/=._~\-]{8,})",
        # keys of AAA servers, tunnels, neighbours, key chains
        r"\b(?:tacacs|radius|server-private|aaa|ldap|tacplus|crypto (?:isakmp|ikev\d)|isakmp)\S{0,40}\s"
        r".{0,200}?\bkey\s+"
        + _KINDS
        + r"(?!(?:chain|generate|zeroize|config-key|pubkey-chain|import|export|mypubkey|lock|unlock|storage)"
        r"(?=\s|$))" + _VALUE,
        r"(?:^|command:|cmd=|[;>#|]\s|\bexec: |\bno |\bdo |\bcommand '|=\"|\] )\s*key\s+"
        + _KINDS
        + r"(?!(?:chain|generate|zeroize|config-key|import|export|\d{1,10}|\*)(?=[\s<'\"]|$))"
        + _VALUE,
        r"\bset\s+(?:key|\S{0,40}passw\S{0,20}|\S{0,40}secret\S{0,20}|psk\S{0,20})\s+" + _VALUE,
        r"\b(?:message-digest-key|authentication-key)\s+(?:\d+\s+)?+(?:md5|sha\S{0,20}|hmac\S{0,20}|aes\S{0,20})\s+"
        + _KINDS
        + _VALUE,
        r"\bauthentication-mode\s+\S{1,40}(?:\s+\d+)?\s+(?:cipher|plain|simple)\s+" + _VALUE,
        r"\bauthentication-mode\s+(?:md5|simple|sha\S{0,10}|hmac\S{0,20})\s+(?:\d+\s+)?+(?!(?:cipher|plain|simple)\s)"
        + _VALUE,
        r"\bauth(?:entication)?\s+(?:md5|sha\S{0,20}|hmac\S{0,20})\s+" + _KINDS + _NOT + _VALUE,
        r"\bpriv(?:acy)?\s+(?:des\S{0,20}|3des|aes\S{0,20})\s+(?:(?:128|192|256)\s+)?+" + _VALUE,
        r"\bauth\s+\S{1,12}\s+\S{1,300}\s+priv\s+(?!(?:des|3des|aes)\S{0,20}\s)" + _VALUE,
        r"\bprivacy-mode\s+\S{1,20}\s+" + _KINDS + _VALUE,
        r"\bpriv\s+(?P<v>0x[0-9a-fA-F]{8,300})",
        r"\b(?:standby|vrrp|glbp)\s+\d+\s+authentication\s+(?:text\s+)?+(?!(?:md5|text|mode)\s)" + _VALUE,
        r"\bnhrp\s+authentication\s+" + _VALUE,
        r"\b(?:pki|key) (?:export|import)\s.{0,200}?\b(?:3?des|aes)\s+" + _VALUE,
        # IOS takes any unique beginning of a word: `usern bob sec X`, `snmp-s comm X rw`
        r"\b(?:usern\w{0,4}|ena\w{0,3})\s(?:\S{1,64}\s){0,4}?(?:sec|secr|secre|pas|pass|passw\w{0,3})\s+"
        + _KINDS
        + _VALUE,
        r"\bsnmp-s\w{0,5}\s+com\w{0,6}\s+" + _KINDS + _VALUE,
        # SQL
        r"\bidentified\s{1,9}(?:by(?:\s{1,9}values)?+|with\s{1,9}\S{1,60}\s{1,9}(?:by|as))\s{1,9}" + _VALUE,
        # SNMP
        r"\bsnmp\S{0,40}(?:\s+(?!community\b)\S{1,80}){0,2}?\s+community\s+(?!from \S{1,64} to )" + _KINDS + _VALUE,
        r"(?:^|command:|cmd=|[;>#|]\s|\[)\s*community\s+"
        + _KINDS
        + r"(?=\S{1,100}\s+(?:authorization|hash2?|r|rw|rwa|clients|access-permissions|version))"
        + _VALUE,
        r"\bsnmp-server\s+host\s+(?![a-z]\S{0,63}\s+(?:(?:\d{1,3}\.){3}\d|[0-9a-f]{0,4}:[0-9a-f:]{2}))\S{1,80}(?:\s+(?:vrf|use-vrf)\s+\S{1,64})?+(?:\s+(?:traps?|informs?))?+"
        r"(?:\s+version\s+(?:1|2c|3(?:\s+(?:auth|noauth|priv))?+))?+\s+"
        r"(?!(?:traps?|informs?|version|vrf|use-vrf|source-interface|filter-vrf|udp-port)(?=\s|$))" + _VALUE,
        r"\bSNMP community from \S{1,64} to \S{1,64} \((?P<v>[^)]{0,200})\)",
        r"\bsnmp(?:get|getnext|walk|bulkwalk|bulkget|set)\b.{0,200}?\s-c\s*" + _VALUE,
        r"(?:^|\s)(?P<v>[A-Za-z0-9+/]{60,}={0,2})\s*$",
    )
)
_DEVICES: Final = tuple(Gated(rule) for rule in _RULES)
_TOOLS: Final = tuple(Gated(rule) for rule in tool_secrets.RULES)
_QUICK_TOOLS: Final = Gated(re.compile(tool_secrets.PREFILTER, re.IGNORECASE))
_QUICK: Final = Gated(re.compile(PREFILTER, re.IGNORECASE))
_KEY_LINE: Final = re.compile(r"[A-Za-z0-9+/]{60}")  # the inside of a PEM block; too dear for the prefilter


def mask(text: str) -> str:
    """The text with every secret a rule knows replaced by `<masked>`; the same object if there is none."""
    if _QUICK.search(text, folded(text)) or _KEY_LINE.search(text):
        text = _by(_DEVICES, text)
    return _mask_tools(text)


def mask_found(text: str) -> str:
    """`mask` for a text of which it is known already that `PREFILTER` finds something in it, or a line of a key."""
    return _mask_tools(_by(_DEVICES, text))


def _mask_tools(text: str) -> str:
    return _by(_TOOLS, text) if _QUICK_TOOLS.search(text, folded(text)) else text


def _by(rules: Iterable[Gated], text: str) -> str:
    lower = folded(text)  # of the text as it was: what masking puts in holds no word a rule needs
    for rule in rules:
        if rule.may_match(lower):
            text = rule.pattern.sub(_masked, text)
    return text


_NAMES: Final = re.compile(
    r"passw|pwd|passphrase|secret|token|api.?key|private.?key|community|credential", re.IGNORECASE
)
_NO_SECRETS: Final = frozenset(("true", "false", "yes", "no", "0", "1"))  # `password_changed=yes`


@lru_cache(maxsize=8_192)
def names_a_secret(name: str) -> bool:
    """Whether a column or field is called as those are whose values must not be kept."""
    return _NAMES.search(name) is not None


def struck(text: str, secrets: Iterable[str]) -> str | None:
    """A record without the values of its secret fields, where no keyword stands beside them (tables, `cs1=…`).

    None if one of them is written in a way nobody here knows: then nothing of the record can be shown.
    """
    for secret in sorted({s.strip() for s in secrets}, key=len, reverse=True):
        if not secret or secret == MASK or secret.lower() in _NO_SECRETS:
            continue
        ways = {secret, secret.replace('"', '""'), re.sub(r"([\\=|])", r"\\\1", secret)}  # as it is, CSV, CEF
        ways |= {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
        words = "|".join(re.escape(way) for way in sorted(ways, key=len, reverse=True))
        text, count = re.subn(rf"(?<!\w)(?:{words})(?!\w)", lambda _: MASK, text)
        if not count:
            return None
    return text


def _masked(found: re.Match[str]) -> str:
    start, end = found.span("v")
    value, whole, offset = found["v"], found[0], found.start()
    quote = value[0] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else ""
    return f"{whole[: start - offset]}{quote}{MASK}{quote}{whole[end - offset :]}"
