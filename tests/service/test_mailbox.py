from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from seawall.errors import PeerError
from seawall.model.serving import ImapSettings
from seawall.service import mailbox


@dataclass
class Mailbox:
    """What the server holds, and every command it was given."""

    port: int = 0
    validity: int = 7
    messages: dict[int, bytes] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)


@pytest.fixture
def box() -> Iterator[Mailbox]:
    """A server on the loopback that speaks as much of IMAP (RFC 3501) as a reader of mail needs."""
    made = Mailbox()

    class Session(socketserver.StreamRequestHandler):
        timeout = 30

        def handle(self) -> None:
            self.wfile.write(b"* OK IMAP4rev1 ready\r\n")
            for line in self.rfile:
                tag, _, command = line.decode().strip().partition(" ")
                made.commands.append(command)
                said, ok = self._answer(command)
                self.wfile.write(said + f"{tag} {ok} done\r\n".encode())
                if command.startswith("LOGOUT"):
                    return

        def _answer(self, command: str) -> tuple[bytes, str]:
            if command.startswith("CAPABILITY"):
                return b"* CAPABILITY IMAP4rev1\r\n", "OK"
            if command.startswith("LOGIN"):
                return b"", "OK" if command == 'LOGIN phish "secret"' else "NO [AUTHENTICATIONFAILED] refused"
            if command.startswith("EXAMINE"):
                told = f"* {len(made.messages)} EXISTS\r\n* OK [UIDVALIDITY {made.validity}] valid\r\n"
                return told.encode(), "OK [READ-ONLY]" if "INBOX" in command else "NO no such mailbox"
            if command.startswith("UID SEARCH"):
                first = int(command.split()[3].partition(":")[0])
                # RFC 3501, 6.4.8: `n:*` names the last message even where its number is below n
                found = [n for n in made.messages if n >= first] or list(made.messages)[-1:]
                return ("* SEARCH " + " ".join(map(str, found)) + "\r\n").encode(), "OK"
            if command.startswith("UID FETCH"):
                number = int(command.split()[2])
                text = made.messages[number]
                if "SIZE" in command:
                    return f"* 1 FETCH (UID {number} RFC822.SIZE {len(text)})\r\n".encode(), "OK"
                return f"* 1 FETCH (UID {number} BODY[] {{{len(text)}}}\r\n".encode() + text + b")\r\n", "OK"
            return b"* BYE\r\n" if command == "LOGOUT" else b"", "OK"

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        server.daemon_threads = True
        made.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield made
        server.shutdown()


def settings(box: Mailbox, folder: str = "INBOX") -> ImapSettings:
    return ImapSettings("127.0.0.1", "phish", "env:IMAP_PASSWORD", port=box.port, tls=False, folder=folder)


def test_each_message_is_handed_over_once_whole_and_nothing_in_the_mailbox_is_changed(
    box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMAP_PASSWORD", "secret")
    monkeypatch.setattr(mailbox, "MAX_MESSAGE", 100)
    got: dict[str, bytes] = {}
    room = [2]

    def deliver(name: str, content: bytes) -> bool:
        room[0] -= 1
        if room[0] >= 0:
            got[name] = content
        return room[0] >= 0

    box.messages = {
        3: b"Subject: a\r\n\r\nbody)\r\n",
        5: b"x" * 101,
        6: b"Subject: b\r\n\r\n",
        8: b"Subject: c\r\n\r\n",
    }
    kept = mailbox.look(settings(box), {}, deliver)
    assert got == {"7-3.eml": box.messages[3], "7-6.eml": box.messages[6]}
    assert (kept["last"], kept["left_out"]) == (6, 1), "the spool took no third, and one was too long"
    room[0] = 9
    kept = mailbox.look(settings(box), kept, deliver)
    assert got.keys() == {"7-3.eml", "7-6.eml", "7-8.eml"}
    got.clear()
    assert mailbox.look(settings(box), kept, deliver) == kept
    assert got == {}
    box.validity = 8  # the server counts anew: numbers of before say nothing
    mailbox.look(settings(box), kept, deliver)
    assert got.keys() == {"8-3.eml", "8-6.eml", "8-8.eml"}
    words = {command.split()[0] for command in box.commands}
    assert words <= {"CAPABILITY", "LOGIN", "EXAMINE", "UID", "LOGOUT"}
    assert not any("BODY[" in command for command in box.commands), "only PEEK leaves the Seen flag alone"


@pytest.mark.parametrize(("password", "folder"), [("wrong", "INBOX"), ("secret", "Else")])
def test_a_log_in_or_folder_that_is_refused_is_said_and_no_password_with_it(
    box: Mailbox, monkeypatch: pytest.MonkeyPatch, password: str, folder: str
) -> None:
    monkeypatch.setenv("IMAP_PASSWORD", password)
    with pytest.raises(PeerError) as refused:
        mailbox.look(settings(box, folder), {}, lambda *_: True)
    assert refused.value.mend
    assert password not in f"{refused.value} {refused.value.mend}".replace("password", "")
