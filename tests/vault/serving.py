"""A vault served in a thread of the test, or in a process of its own that can be killed."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from seawall.ledger import open_ledger
from seawall.model.case import Case
from seawall.model.clock import Clock
from seawall.vault.client import VaultClient
from seawall.vault.server import Server
from seawall.vault.service import Vault

PASSPHRASE = b"correct horse battery"


@contextmanager
def served_process(case: Case, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`seawall vault serve` as a person starts it; on return it answers."""
    with log.open("ab") as err:
        process = subprocess.Popen(
            [sys.executable, "-m", "seawall", "vault", "serve", "--case", str(case.folder)],
            stdout=err, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    assert process.stderr is not None
    said = b""
    for line in process.stderr:
        said += line
        if b"answers at" in line:
            break
    copier = threading.Thread(target=_copy, args=(process, log, said))
    copier.start()
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)
        copier.join(20)


def _copy(process: subprocess.Popen[bytes], log: Path, said: bytes) -> None:
    assert process.stderr is not None
    with log.open("ab") as file:
        file.write(said)
        file.writelines(process.stderr)
    process.stderr.close()


@contextmanager
def served(case: Case, clock: Clock, *, unlocked: bool = True) -> Iterator[VaultClient]:
    """A vault in a thread, with a client of it."""
    started, loops = threading.Event(), []

    def run() -> None:
        with open_ledger(case, clock=clock) as ledger:
            server = Server(Vault(case, ledger, clock, country="64"), case.vault_socket, lambda _: None)
            loop = asyncio.new_event_loop()
            loops.append((loop, server))
            loop.run_until_complete(server.serve(started.set))
            loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert started.wait(20)
    client = VaultClient(case.vault_socket)
    try:
        if unlocked:
            client.unlock(PASSPHRASE)
        yield client
    finally:
        client.close()
        loop, server = loops[0]
        loop.call_soon_threadsafe(server.stop)
        thread.join(20)
