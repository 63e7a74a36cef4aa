from __future__ import annotations

import random
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from seawall.errors import InputError, PeerError
from seawall.model.case import Case
from seawall.model.clock import FixedClock
from seawall.vault import server, wire
from seawall.vault.client import Target, VaultClient
from tests.vault.serving import PASSPHRASE, served, served_process

DIGEST = "cd" * 32


def connect(case: Case) -> socket.socket:
    one = socket.socket(socket.AF_UNIX)
    one.connect(str(case.vault_socket))
    one.settimeout(20)
    return one


def test_the_socket_is_for_its_owner_alone_and_goes_with_the_server(case: Case, clock: FixedClock, cheap: None) -> None:
    with served(case, clock):
        assert stat.S_IMODE(case.vault_socket.stat().st_mode) == 0o600
        assert stat.S_IMODE(case.vault.stat().st_mode) == 0o700
    assert not case.vault_socket.exists()


def test_another_user_is_turned_away_by_the_kernels_word(
    case: Case, clock: FixedClock, cheap: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(case, clock):
        monkeypatch.setattr(server.os, "geteuid", lambda: 4_000_000)
        with pytest.raises(InputError, match="its own user only"):
            VaultClient(case.vault_socket).status()


def test_a_vault_is_served_once(case: Case, clock: FixedClock, client: VaultClient) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "seawall", "vault", "serve", "--case", str(case.folder)], capture_output=True, timeout=60
    )
    assert ran.returncode == 3
    assert b"served already" in ran.stderr
    client.require_open()


@pytest.mark.parametrize("seed", range(40))
def test_hostile_bytes_get_a_refusal_or_silence_and_harm_nobody(case: Case, client: VaultClient, seed: int) -> None:
    dice = random.Random(seed)
    ops = ("commit", "show", "equal", "keep", "record", "width")
    questions: list[dict[str, object]] = [
        {"op": dice.choice(ops)},
        {"op": ["x"]},
        {"op": "commit", "source": "x", "batch": {"a": 1}},
        {"op": "commit", "source": DIGEST, "batch": [[1]]},
        {"op": "equal", "questions": [["a", "b"]]},
        {
            "op": "show",
            "commitment": "x",
            "action_id": "vault.show:1",
            "requester": 1,
            "purpose": [],
            "approvals": [{}],
        },
        {"op": "unlock", "passphrase": 7},
    ]
    noise = [dice.randbytes(dice.randrange(1, 200)), b'\0\0\0\x05{"a":', b"\xff" * 64, *map(wire.encode, questions)]
    with connect(case) as one:
        one.sendall(dice.choice(noise))
        one.shutdown(socket.SHUT_WR)
        while one.recv(1 << 16):
            pass
    client.require_open()


def test_ten_thousand_connections_are_bounded_and_do_not_stop_the_vault(case: Case, client: VaultClient) -> None:
    client.require_open()
    held, refused = [], 0
    for _ in range(10_000):
        one = connect(case)
        if len(held) < server.MAX_CLIENTS + 50:
            held.append(one)
        else:
            one.close()
    for one in held[server.MAX_CLIENTS :]:
        answer = wire.receive(one)
        refused += answer["code"] == "busy"
    assert refused == len(held) - server.MAX_CLIENTS
    client.require_open()
    for one in held:
        one.close()


def test_a_killed_vault_leaves_no_open_door_and_starts_again(case: Case, tmp_path: Path) -> None:
    log = tmp_path / "log"
    target = Target("InternationalE164", "+64218096792", 0, 1, "")
    with served_process(case, log) as process:
        client = VaultClient(case.vault_socket)
        client.unlock(PASSPHRASE)
        made = client.commit(DIGEST, [target])
        client.finish(DIGEST, None)
        process.kill()
        process.wait()
        with pytest.raises(PeerError):
            client.commit(DIGEST, [target])
    with served_process(case, log) as process:
        assert client.status()["locked"] is True
        client.unlock(PASSPHRASE)
        assert client.commit(DIGEST, [target]) == made
        assert client.widths([made[0]["commitment"]]) == ["single"]
        maps = Path(f"/proc/{process.pid}/limits").read_text()
        assert [line.split()[4:6] for line in maps.splitlines() if line.startswith("Max core")] == [["0", "0"]]
        client.close()
    said = log.read_text()
    assert "no core dumps" in said
    assert "swap" in said
    assert "8096792" not in said
