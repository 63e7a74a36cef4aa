"""A PostgreSQL server of our own in a temporary folder, for what must work on both kinds of database."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text


@contextmanager
def postgresql() -> Iterator[str]:
    """A server that listens on a Unix socket alone; gives the address of its database `postgres`, without a driver's
    name. Skips where the programs are missing."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not folders:
        pytest.skip("postgresql is not installed: make system-deps")
    room = Path(tempfile.mkdtemp(prefix="swpg"))  # short: a socket's path may have 107 bytes
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(room, user)
    before = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if os.geteuid() == 0 else []
    quick = "-c fsync=off -c full_page_writes=off -c shared_buffers=16MB -c max_connections=50 -c listen_addresses="
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}

    def run(*command: str) -> None:
        done = subprocess.run([*before, *command], env=env, cwd=room, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr

    data = str(room / "data")
    try:
        run(str(folders[-1] / "initdb"), "-D", data, "-U", "seawall", "-A", "trust", "-E", "UTF8", "--no-sync")
        log = str(room / "log")
        run(str(folders[-1] / "pg_ctl"), "-D", data, "-w", "-l", log, "-o", f"{quick} -k {room}", "start")
        try:
            yield f"postgresql+psycopg://seawall@/postgres?host={room}"
        finally:
            run(str(folders[-1] / "pg_ctl"), "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(room, ignore_errors=True)


def fresh_database(server: str) -> str:
    """A new database on the server; its address."""
    name = f"t{secrets.token_hex(6)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.replace("/postgres?", f"/{name}?")
