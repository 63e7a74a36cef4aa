"""The view `sessions`: logins, commands and logouts put together again, and over which hop somebody came.

Devices tell one session in many ways: two messages for one login, commands from an accounting server whose clock
differs, configuration lines without address or terminal. So acts are tied by device, account and, where told, address:

1. An act without an address takes the last one of that account on that device, to be sorted by, never to be shown.
2. A login opens a session, unless another login stands at most a minute before it: the second message of the same.
   A logout ends it; so does an hour without any act.
3. What stands at most two minutes beside a session and has no login of its own belongs to it: clocks differ.

What could not be known is said in `doubts`; nothing is guessed. Only acts with a time and a device are told here.
"""

# ruff: noqa: E501, S608 - the words of one object stand on one line; patterns are ours and quoted; no value of evidence is ever pasted in
from __future__ import annotations

from typing import Final

from seawall.engine.snapshot import literal

IDLE_MINUTES: Final = 60  # without any act, a session is taken to be over
SAME_SECONDS: Final = 60  # between two messages of one login
SKEW_SECONDS: Final = 120  # between clocks
MAX_HOPS: Final = 3
MAX_HOURS: Final = 48  # of a session, within which others are taken to have come from it

# What a command does something to → what it reads like, normalised, on every platform we know. The first that fits.
EFFECTS: Final[tuple[tuple[str, str], ...]] = (
    (
        "capture",
        r"^((no|undo|clear|show) )?(monitor capture|capture |capture-packet|packet-capture|tpacap|tcpdump|ethanalyzer"
        r"|monitor traffic|diagnose sniffer|debug dataplane packet-diag)|\btcpdump\b",
    ),
    ("intercept", r"(lawful-intercept|\bli-view\b|flow-tap|\bx-interfaces\b|^configure li\b|access li\b)"),
    (
        "mirror",
        r"(monitor session|monitor-session|port-mirror|observe-port|mirroring to|mirror-(dest|source)|remote-span"
        r"|forwarding-options (analyzer|port-mirroring)|erspan)",
    ),
    (
        "tunnel",
        r"(interface (tunnel|gr-|ip-|st0)|tunnel (source|destination|mode|protection)|tunnel-protocol|\bnhrp\b"
        r"|crypto (map|isakmp|ikev|ipsec|dynamic-map)|\bsdp \d|\bipsec\b|gre-tunnel|\bike (peer|gateway|proposal|policy))",
    ),
    (
        "accounting",
        r"(aaa accounting|recording-scheme|accounting-scheme|system accounting|archive log|^log config|notify syslog"
        r"|event-control|login on-(success|failure)|ip ssh logging)",
    ),
    ("aaa server", r"(tacacs|hwtacacs|tacplus|radius)([-_ +]|$)"),
    ("aaa", r"(^((no|undo) )?aaa |authentication-(order|mode)|authorization-)"),
    (
        "log",
        r"(\blogging\b|\bsyslogd?\b|info-center|logbuffer|trapbuffer|\blog-id\b|log-settings|accounting log|"
        r"^(clear|show|reset) (log|archive)|/var/log|bash_history)",
    ),
    (
        "user",
        r"(\busername \S|local-user|system login (user|class)|enable (secret|password)|super password|mgt-config users"
        r"|system\.admin|\buser \S+ create|useradd|authorized_keys|pubkey-chain)",
    ),
    (
        "acl",
        r"(access-list|access-class|access-group|^((no|undo) )?(\d+ )?(permit|deny) |prefix-list|traffic-filter"
        r"|firewall (family \S+ )?filter|^((no|undo) )?rule \d|(ip|ipv6|mac|cpm|mgmt-access)-filter|\bacl\b|local-in-policy)",
    ),
    ("snmp", r"snmp"),
    ("clock", r"\b(ntp|sntp|clock|ntp-service)\b"),
    ("flow export", r"(flow (exporter|monitor|record)|flow-export|netstream|cflowd|sflow|netflow|\bsampler\b)"),
    ("container", r"(guestshell|app-hosting|^(no )?iox$|virtual-service|virtualportgroup|\bdocker\b|\bcontainer\b)"),
    ("automation", r"(event manager|\bkron\b|event-options|event-handler|scheduler (job|schedule)|auto-script|system cron)"),
    ("shell", r"^(run|bash|start shell|tclsh|fnsysctl|python\d?|dohost|request platform software system shell)( |$)"),
    ("web server", r"(ip http|web-management|nxapi|http (secure-)?server|restconf|netconf)"),
    ("terminal line", r"(line (vty|con|aux|default)|user-interface|transport input|vty-pool|ip ssh|ssh server|telnet server)"),
    ("image", r"(install (add|activate|remove|commit|rollback)|request system software|software install|system-software)"),
    ("boot", r"(\bboot (system|host|network|config)|config-register|^(reload|reboot|admin reboot|request system reboot)|\bbof\b)"),
    ("file", r"^(copy|delete|dir|file|more|rename|format|erase|scp|t?ftp|sftp|execute backup|put|get|rm|cp|mv)( |$)"),
    ("interface", r"(^((no|undo) )?interface |^(set|delete|deactivate) interfaces|ip address |ipv4 address )"),
    ("routing", r"(\broute\b|router|route-map|route-static|routing|\bbgp\b|\bospf\b|\bisis\b|neighbor \S+ )"),
)  # fmt: skip
_READS: Final = (
    r"^(show|display|dir|more|info|get|ping|traceroute|tracert|file (list|show|dir)|admin display-config)( |$)"
)
_REMOVES: Final = r"^(no|undo|delete|clear|reset|unset|deactivate|erase|rm|disable)( |$)"
_INSIDE: Final = (
    ("tunnel", r"interface (tunnel|gr-|ip-|st0)"),
    ("interface", r"interface "),
    ("aaa server", r"(tacacs|radius)"),
    ("terminal line", r"(line (vty|con|aux)|user-interface)"),
    ("acl", r"(access-list|filter|\bacl\b)"),
    ("routing", r"(router|routing|route-)"),
)
_ADDRESS: Final = r"(?:^|\s)(?:ip|ipv4|ipv6|inet|inet6) address ([0-9a-f]*[.:][0-9a-f.:]+)"
_LEVEL: Final = r"(?i)(?:priv[-_]lvl=|privilege level:? (?:set to )?|level=|PRIV)([0-9]{1,2})"
_CLASS: Final = r"(?i)class '([^']{1,64})'"
_METHOD: Final = r"(?i)AuthenticationMethod=\"?([A-Za-z\-]{1,32})"


def effect_sql(command: str, section: str) -> str:
    """SQL for `<object> set|removed`, e.g. `acl set`; null for what only reads and for what touches nothing known."""
    word = literal
    objects = " ".join(
        f"WHEN regexp_matches({command}, {word(pattern)}) THEN {word(name)}" for name, pattern in EFFECTS
    )
    inside = " ".join(f"WHEN regexp_matches({section}, {word(pattern)}) THEN {word(name)}" for name, pattern in _INSIDE)
    return (
        f"CASE WHEN {command} IS NULL OR regexp_matches({command}, {word(_READS)}) THEN NULL ELSE "
        f"(CASE {objects} {inside} END) || "
        f"(CASE WHEN regexp_matches({command}, {word(_REMOVES)}) THEN ' removed' ELSE ' set' END) END"
    )


def _all_effects() -> list[str]:
    """Every effect a command can have, in order."""
    objects = {name for name, _ in EFFECTS} | {name for name, _ in _INSIDE}
    return sorted(f"{name} {done}" for name in objects for done in ("removed", "set"))


def select() -> str:
    """The SELECT behind the view, over the views `logins` and `commands` and the site's names."""
    named = 'PARTITION BY device, "user" ORDER BY time, event_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW'
    after = "PARTITION BY device, src_ip ORDER BY time, event_id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING"
    keys = "device, who, place"
    return f"""
WITH acts AS ({_acts()}),
owned AS (
    SELECT spelling AS address, device FROM site_names
    UNION
    SELECT regexp_extract(command, {literal(_ADDRESS)}, 1) AS address, device FROM commands
    WHERE command LIKE '%address %' AND regexp_extract(command, {literal(_ADDRESS)}, 1) <> '' AND device IS NOT NULL
),
tied AS (
    SELECT *, coalesce("user", CASE WHEN act = 'login' AND src_ip IS NOT NULL
        THEN first_value("user" IGNORE NULLS) OVER ({after}) END, '') AS who,
        coalesce(src_ip, last_value(src_ip IGNORE NULLS) OVER ({named}), '') AS place
    FROM acts
),
stepped AS (
    SELECT *, lag(time) OVER w AS before, lag(act) OVER w AS previous FROM tied
    WINDOW w AS (PARTITION BY {keys} ORDER BY time, rank, event_id)
),
opened AS (
    SELECT *, CASE
        WHEN before IS NULL OR time - before > INTERVAL {IDLE_MINUTES} MINUTE THEN 1
        WHEN act = 'login' AND NOT (previous = 'login' AND time - before <= INTERVAL {SAME_SECONDS} SECOND) THEN 1
        WHEN previous = 'logout' AND NOT (act = 'logout' AND time - before <= INTERVAL {SAME_SECONDS} SECOND) THEN 1
        ELSE 0 END AS opens
    FROM stepped
),
islands AS (
    SELECT *, sum(opens) OVER (PARTITION BY {keys} ORDER BY time, rank, event_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS island
    FROM opened
),
spans AS (
    SELECT {keys}, island, min(time) AS start, max(time) AS stop,
        sum(CASE WHEN act = 'login' THEN 1 ELSE 0 END) AS logins
    FROM islands GROUP BY {keys}, island
),
neighbours AS (
    SELECT *, lag(stop) OVER v AS stopped, lag(logins) OVER v AS logins_before FROM spans
    WINDOW v AS (PARTITION BY {keys} ORDER BY island)
),
joined AS (
    SELECT {keys}, island, sum(CASE WHEN stopped IS NOT NULL AND start - stopped <= INTERVAL {SKEW_SECONDS} SECOND
        AND (logins = 0 OR logins_before = 0) THEN 0 ELSE 1 END)
        OVER (PARTITION BY {keys} ORDER BY island ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS number
    FROM neighbours
),
numbered AS (
    SELECT i.*, j.number, row_number() OVER (PARTITION BY i.device, i.who, i.place, j.number
        ORDER BY i.time, i.rank, i.event_id) AS nth
    FROM islands AS i JOIN joined AS j
        ON i.device = j.device AND i.who = j.who AND i.place = j.place AND i.island = j.island
),
told AS ({_told(keys)}),
entered AS ({_entered()})
SELECT {_columns()}
FROM entered AS s
{_hops()}"""


def _acts() -> str:
    both = 'event_id, time, device, device_confidence, "user", src_ip, line, service, origin'
    said = ", ".join(
        f"nullif(regexp_extract(raw, {literal(pattern)}, 1), '') AS {name}"
        for name, pattern in (("level", _LEVEL), ("role", _CLASS), ("method", _METHOD))
    )
    none = "CAST(NULL AS VARCHAR) AS effect"
    effect = effect_sql("command", "section")
    return f"""
    SELECT {both}, {said}, 'login' AS act, 1 AS rank, {none} FROM logins
    WHERE activity = 'login' AND coalesce(outcome, 'success') = 'success' AND time IS NOT NULL AND device IS NOT NULL
        AND coalesce(service, '') NOT IN ('snmp', 'network', 'batch', 'service', 'unlock', 'enable', 'su', 'smb')
    UNION ALL
    SELECT {both}, {said}, 'logout' AS act, 3 AS rank, {none} FROM logins
    WHERE activity = 'logout' AND time IS NOT NULL AND device IS NOT NULL
    UNION ALL
    SELECT {both}, {said}, 'command' AS act, 2 AS rank, {effect} AS effect FROM commands
    WHERE time IS NOT NULL AND device IS NOT NULL"""


def _told(keys: str) -> str:
    # One aggregate for each effect: Spark cannot plan a sorted list of distinct texts beside another distinct count.
    each = (f"max(CASE WHEN effect = {literal(text)} THEN effect END)" for text in _all_effects())
    return f"""
    SELECT {keys}, number, min(time) AS start, max(time) AS stop, count(*) AS acts,
        max(CASE WHEN nth = 1 THEN event_id END) AS event_id, max(CASE WHEN nth = 1 THEN origin END) AS origin,
        max("user") AS account, max(src_ip) AS src_ip, max(line) AS line, count(DISTINCT line) AS lines,
        max(service) AS service, min(device_confidence) AS device_confidence,
        sum(CASE WHEN act = 'login' THEN 1 ELSE 0 END) AS logins,
        sum(CASE WHEN act = 'logout' THEN 1 ELSE 0 END) AS logouts,
        sum(CASE WHEN act = 'command' THEN 1 ELSE 0 END) AS commands,
        sum(CASE WHEN act = 'login' AND "user" IS NULL THEN 1 ELSE 0 END) AS unnamed,
        nullif(concat_ws(', ', {", ".join(each)}), '') AS effects,
        max(level) AS level, max(role) AS role, max(method) AS method
    FROM numbered GROUP BY {keys}, number"""


def _entered() -> str:
    """Each session with the session, on the device its address belongs to, that encloses its beginning."""
    skew = f"INTERVAL {SKEW_SECONDS} SECOND"
    hour = "CAST(floor(date_diff('second', TIMESTAMPTZ '1970-01-01 00:00:00+00', {}) / 3600.0) AS BIGINT)"
    hours = ", ".join(f"({n})" for n in range(MAX_HOURS + 1))
    return f"""
    SELECT * FROM (
        SELECT t.*, p.event_id AS hop_event, o.device AS hop_device, row_number() OVER (
            PARTITION BY t.event_id ORDER BY p.start DESC, p.event_id) AS choice
        FROM told AS t
        LEFT JOIN owned AS o ON o.address = lower(t.src_ip) AND o.device <> t.device
        LEFT JOIN (
            SELECT w.device, w.event_id, w.start, w.stop, {hour.format(f"w.start - {skew}")} + n.hours AS hour
            FROM told AS w JOIN (VALUES {hours}) AS n(hours)
                ON n.hours <= {hour.format(f"w.stop + {skew}")} - {hour.format(f"w.start - {skew}")}
            WHERE w.device IN (SELECT device FROM owned)
        ) AS p ON p.device = o.device AND p.hour = {hour.format("t.start")} AND p.event_id <> t.event_id
            AND p.start - {skew} <= t.start AND t.start <= p.stop + {skew}
    ) AS c WHERE choice = 1"""


def _hops() -> str:
    joins = [f"LEFT JOIN entered AS h{n + 1} ON h{n + 1}.event_id = {_from(n)}.hop_event" for n in range(MAX_HOPS)]
    return "\n".join(joins)


def _from(level: int) -> str:
    return "s" if level == 0 else f"h{level}"


def _columns() -> str:
    steps = [f"h{n}" for n in range(MAX_HOPS, 0, -1)]
    via = ", ".join(f"CASE WHEN {h}.event_id IS NOT NULL THEN {h}.device END" for h in steps)
    first = ", ".join(f"CASE WHEN {h}.event_id IS NOT NULL THEN coalesce({h}.src_ip, '?') END" for h in steps)
    hops = " + ".join(f"CASE WHEN h{n}.event_id IS NOT NULL THEN 1 ELSE 0 END" for n in range(1, MAX_HOPS + 1))
    doubts = ", ".join(
        f"CASE WHEN {test} THEN {literal(said)} END"
        for test, said in (
            ("s.logins = 0", "no login seen"),
            ("s.logouts = 0", "no end seen"),
            ("s.who = ''", "nobody named"),
            ("s.unnamed > 0 AND s.account IS NOT NULL", "account told by the commands only"),
            ("s.src_ip IS NULL", "no address told"),
            ("s.lines > 1", "several terminal lines: perhaps several sessions"),
            ("s.device_confidence < 70", "device named by an address only"),
            ("s.hop_device IS NOT NULL AND s.hop_event IS NULL", "comes from a device on which no session was seen"),
        )
    )
    made = {
        "event_id": "s.event_id",
        "time": "s.start",
        "origin": "s.origin",
        "device": "s.device",
        "device_confidence": "CAST(s.device_confidence AS BIGINT)",
        "user": "s.account",
        "src_ip": "s.src_ip",
        "line": "s.line",
        "service": "s.service",
        "end": "s.stop",
        "duration": "CAST(date_diff('second', date_trunc('second', s.start), date_trunc('second', s.stop)) AS BIGINT)",
        "authority": "coalesce(s.role, s.level)",
        "method": "s.method",
        "commands": "CAST(s.commands AS BIGINT)",
        "effects": "s.effects",
        "hop_device": "s.hop_device",
        "hops": f"CAST({hops} AS BIGINT)",
        "path": f"concat_ws(' > ', coalesce({first}, s.src_ip, '?'), {via}, s.device)",
        "doubts": f"nullif(concat_ws(', ', {doubts}), '')",
    }
    return ", ".join(f'{sql} AS "{name}"' for name, sql in made.items())
