from __future__ import annotations

from seawall.sources.sftp import MAX_SESSIONS, Sessions
from tests.sources.recognising import has, read_as_found

HEAD = "Nov 22 10:30:17 sftp1 internal-sftp[{pid}]: "


def test_a_file_is_joined_to_the_account_of_its_session() -> None:
    lines = [
        HEAD.format(pid=12) + "session opened for local user ann from [192.0.2.9]",
        HEAD.format(pid=13) + "session opened for local user eve from [203.0.113.9]",
        HEAD.format(pid=12) + 'open "/cdr/a b.csv" flags READ mode 0666',
        HEAD.format(pid=13) + 'close "/x" bytes read 0 written 7',
        HEAD.format(pid=12) + 'close "/cdr/a b.csv" bytes read 123 written 0',
        HEAD.format(pid=13) + 'rename old "/x" new "/y"',
        HEAD.format(pid=13) + 'remove name "/cdr/old"',
        HEAD.format(pid=13) + 'forced close "/z" bytes read 5 written 0',
    ]
    rows = read_as_found("\n".join(lines)).rows("transfers")
    assert len(rows) == 8
    has(rows[4], user="ann", src_ip="192.0.2.9", action="read", direction="out", bytes=123, object="/cdr/a b.csv")
    has(rows[3], user="eve", src_ip="203.0.113.9", action="write", direction="in", bytes=7)
    has(rows[5], action="write", object="/x", new_object="/y")
    has(rows[6], action="delete", object="/cdr/old")
    has(rows[7], action="read", outcome="failure")


def test_a_session_whose_start_was_not_logged_has_no_account_of_another() -> None:
    sessions = Sessions()
    sessions.tell("a", 1, "session opened for local user ann from [192.0.2.9]")
    sessions.tell("a", 1, "session closed for local user ann from [192.0.2.9]")
    row = sessions.tell("a", 1, 'close "/x" bytes read 1 written 0')
    assert row is not None
    assert row["user"] is None


def test_sessions_without_end_are_forgotten_the_eldest_first() -> None:
    sessions = Sessions()
    for pid in range(MAX_SESSIONS + 5):
        sessions.tell("a", pid, "session opened for local user ann from [192.0.2.9]")
    gone, kept = (sessions.tell("a", pid, 'opendir "/"') for pid in (0, MAX_SESSIONS))
    assert gone is not None
    assert kept is not None
    assert (gone["user"], kept["user"]) == (None, "ann")
