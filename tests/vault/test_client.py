from __future__ import annotations

import os
import pickle
import socket
import threading
from pathlib import Path

import pytest

from seawall.errors import InputError, PeerError
from seawall.model.case import Case, open_case
from seawall.model.clock import FixedClock
from seawall.vault import wire
from seawall.vault.client import NEEDS_VAULT, Target, VaultClient, VaultClosedError
from tests.vault.serving import served

DIGEST = "ab" * 32
NUMBER = Target("InternationalE164", "+64218096792", 10, 20, "/targets/0")


def test_identifiers_go_in_and_only_commitments_come_out(client: VaultClient) -> None:
    made = client.commit(
        DIGEST, [NUMBER, Target("TELURI", "tel:+64-21-809-6792", 0, 1, ""), Target("NAI", "a@b", 0, 1, "")]
    )
    assert made[0]["commitment"] == made[1]["commitment"] != made[2]["commitment"]
    assert made[0]["kind"] == "msisdn"
    assert "8096792" not in str(made)
    assert repr(NUMBER) == "Target(***)"


def test_a_client_can_be_pickled_and_asks_from_the_other_side(client: VaultClient) -> None:
    client.status()
    other = pickle.loads(pickle.dumps(client))
    assert other.status()["locked"] is False
    other.close()


def test_without_a_vault_or_with_a_locked_one_intercept_evidence_is_refused(
    case: Case, clock: FixedClock, cheap: None
) -> None:
    with pytest.raises(VaultClosedError, match=NEEDS_VAULT):
        VaultClient(case.vault_socket).require_open()
    with served(case, clock, unlocked=False) as client:
        with pytest.raises(VaultClosedError, match=NEEDS_VAULT):
            client.require_open()
        with pytest.raises(VaultClosedError):
            client.commit(DIGEST, [NUMBER])
        client.unlock(b"correct horse battery")
        client.require_open()
        client.lock()
        with pytest.raises(VaultClosedError):
            client.widths(["x"])


def test_a_wrong_passphrase_is_said_and_the_right_one_opens(case: Case, clock: FixedClock, cheap: None) -> None:
    with served(case, clock) as client:
        client.lock()
        with pytest.raises(InputError, match="wrong passphrase"):
            client.unlock(b"incorrect horse")
        with pytest.raises(VaultClosedError):
            client.require_open()
        client.unlock(b"correct horse battery")


@pytest.mark.parametrize(
    "answer", [b"", b"\0\0", b'\0\0\0\x10{"ok"', b"\xff\xff\xff\xff", b"\0\0\0\x02[]", b"\0\0\0\x02{x"]
)
def test_a_vault_that_dies_mid_answer_or_talks_nonsense_is_a_clear_refusal(tmp_path: Path, answer: bytes) -> None:
    path = tmp_path / "v.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def half_answer() -> None:
            connection, _ = listener.accept()
            with connection:
                wire.receive(connection)
                connection.sendall(answer)

        thread = threading.Thread(target=half_answer)
        thread.start()
        with pytest.raises(PeerError, match="nothing of the file at hand was kept") as refused:
            VaultClient(path).commit(DIGEST, [NUMBER])
        thread.join()
    assert "seawall vault serve" in (refused.value.mend or "")
    assert "8096792" not in str(refused.value)


def test_a_vault_that_says_nothing_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "v.sock"))
        listener.listen()
        with pytest.raises(PeerError, match="took too long"):
            VaultClient(tmp_path / "v.sock", timeout_s=0.05).status()


def test_a_case_in_a_very_deep_folder_still_has_a_vault(tmp_path: Path, clock: FixedClock, cheap: None) -> None:
    deep = open_case(tmp_path / ("d" * 60) / ("e" * 60) / "case", clock)
    assert len(os.fsencode(deep.vault_socket)) > 108
    with served(deep, clock) as client:
        client.require_open()


def test_an_unfinished_source_is_forgotten_with_its_connection(client: VaultClient) -> None:
    made = client.commit(DIGEST, [NUMBER])[0]["commitment"]
    client.close()
    client.finish(DIGEST, None)
    assert client.widths([made]) == [None]
    client.commit(DIGEST, [NUMBER])
    client.finish(DIGEST, None)
    assert client.widths([made]) == ["single"]


def test_explaining_keeps_nothing(case: Case, client: VaultClient) -> None:
    explaining = VaultClient(case.vault_socket, keep=False)
    made = explaining.commit(DIGEST, [NUMBER])[0]["commitment"]
    explaining.finish(DIGEST, None)
    assert explaining.widths([made]) == [None]
    explaining.close()
