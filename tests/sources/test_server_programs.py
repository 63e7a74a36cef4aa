# ruff: noqa: E501 - samples and settings are as long as they are
"""The real programs write the logs: what they were asked must be read back. Each skips where its program is missing."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from seawall.sources import snmp_traps
from tests.parts import program
from tests.sources.reading import Result, read_path
from tests.sources.recognising import has, read_as_found

WAIT_S = 10.0


@contextlib.contextmanager
def running(*command: str, until: Callable[[], bool], cwd: Path, **more: object) -> Iterator[subprocess.Popen[bytes]]:
    """A server on the loopback, stopped at the end; `until` asks whether it answers yet."""
    with subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more) as server:  # type: ignore[call-overload]
        try:
            for _ in range(int(WAIT_S / 0.05)):
                if until():
                    break
                with contextlib.suppress(subprocess.TimeoutExpired):
                    server.wait(0.05)
                    pytest.fail(f"{command[0]} ended with {server.returncode}")
            else:
                pytest.fail(f"{command[0]} does not answer")
            yield server
        finally:
            server.terminate()
            try:
                server.wait(WAIT_S)
            except subprocess.TimeoutExpired:
                server.kill()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def answers(port: int) -> Callable[[], bool]:
    def asked() -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return True
        return False

    return asked


def dig(port: int, name: str, kind: str = "A") -> str:
    command = [program("dig"), "+short", "+tries=1", "+time=1", "@127.0.0.1", "-p", str(port), name, kind]
    return subprocess.run(command, capture_output=True, text=True, timeout=WAIT_S, check=False).stdout


def rows_about(result: Result, name: str) -> list[dict[str, object]]:
    return [row for row in result.rows("dns_queries") if str(row["query"]).rstrip(".") == name]


def test_bind_writes_a_query_log_and_dnstap(tmp_path: Path) -> None:
    named, port = program("named"), free_port()
    (tmp_path / "zone").write_text("$TTL 60\n@ SOA ns h 1 60 60 60 60\n@ NS ns\nns A 192.0.2.53\nwww A 203.0.113.7\n")
    (tmp_path / "named.conf").write_text(
        f'options {{ directory "{tmp_path}"; listen-on port {port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }}; '
        f'pid-file "{tmp_path}/n.pid"; session-keyfile "{tmp_path}/s.key"; recursion no; dnssec-validation no; '
        f'querylog yes; dnstap {{ client; }}; dnstap-output file "{tmp_path}/named.tap"; }};\n'
        f'logging {{ channel q {{ file "{tmp_path}/query.log"; print-time yes; print-category yes; print-severity yes; }};'
        " category queries { q; }; category query-errors { q; }; };\ncontrols { };\n"
        f'zone "example.net" {{ type primary; file "{tmp_path}/zone"; }};\n'
    )
    with running(
        named, "-f", "-c", "named.conf", "-n", "1", until=lambda: bool(dig(port, "ns.example.net")), cwd=tmp_path
    ):
        assert dig(port, "www.example.net") == "203.0.113.7\n"
        dig(port, "www.example.org", "TXT")
    logged, tapped = read_path(tmp_path / "query.log"), read_path(tmp_path / "named.tap")
    assert (logged.rejected, tapped.rejected) == (0, 0)
    has(
        rows_about(logged, "www.example.net")[0],
        src_ip="127.0.0.1",
        qtype="A",
        message="query",
        time_quality="zone_assumed",
    )
    assert [row["rcode"] for row in rows_about(logged, "www.example.org")] == [None, "REFUSED"]
    answer = rows_about(tapped, "www.example.net")[-1]
    has(answer, message="response", src_ip="127.0.0.1", qtype="A", proto="udp")
    has(answer, rcode="NOERROR", answers="203.0.113.7", time_quality="exact")


def test_unbound_logs_questions_replies_and_local_actions(tmp_path: Path) -> None:
    unbound, port = program("unbound"), free_port()
    (tmp_path / "u.conf").write_text(
        f'server:\n directory: "{tmp_path}"\n chroot: ""\n username: ""\n pidfile: "{tmp_path}/u.pid"\n'
        f" interface: 127.0.0.1@{port}\n do-daemonize: no\n use-syslog: no\n"
        f' logfile: "{tmp_path}/unbound.log"\n log-queries: yes\n log-replies: yes\n log-local-actions: yes\n'
        ' local-zone: "example.net." static\n local-data: "www.example.net. A 203.0.113.7"\n'
        "remote-control:\n control-enable: no\n"
    )
    with running(unbound, "-d", "-c", "u.conf", until=lambda: bool(dig(port, "www.example.net")), cwd=tmp_path):
        dig(port, "none.example.net")
    result = read_path(tmp_path / "unbound.log")
    rows = rows_about(result, "none.example.net")
    assert [(row["message"], row["rcode"], row["server_view"]) for row in rows] == [
        ("query", None, None),
        ("query", None, "example.net."),
        ("response", "NXDOMAIN", None),
    ]
    assert all("no query or answer" in reject.what for reject in result.rejects)


def test_nginx_writes_access_lines_json_and_errors(tmp_path: Path) -> None:
    nginx, port = program("nginx"), free_port()
    temporary = "".join(f"{n}_temp_path {tmp_path}/t{n};" for n in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    fields = '"time":"$time_iso8601","remote_addr":"$remote_addr","request":"$request","status":$status'
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {tmp_path}/n.pid; error_log {tmp_path}/error.log info; events {{}}\n"
        f"http {{ {temporary} log_format j escape=json '{{{fields}}}'; server {{ listen 127.0.0.1:{port}; root {tmp_path}; "
        f"access_log {tmp_path}/access.log combined; access_log {tmp_path}/access.json j; }} }}\n"
    )
    with running(nginx, "-e", "error.log", "-c", f"{tmp_path}/nginx.conf", until=answers(port), cwd=tmp_path):
        asked = urllib.request.Request(
            f"http://127.0.0.1:{port}/%2577eb%2575i_%2577sma_Http?password=hUnter2Zx9",
            headers={"User-Agent": 'a "b" \\c'},
        )
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(asked, timeout=WAIT_S)
    for name in ("access.log", "access.json", "error.log"):
        result = read_path(tmp_path / name)
        (row,) = (row for row in result.rows("web") if str(row["uri"]).startswith("/%2577eb"))
        has(row, src_ip="127.0.0.1", method="GET", uri="/%2577eb%2575i_%2577sma_Http?password=<masked>")
        assert "hUnter2Zx9" not in str(result)
        if name == "access.log":
            has(row, status=404, user_agent='a "b" \\c', time_quality="exact")


@pytest.mark.parametrize("form", ["", "%y-%m-%l %h:%j:%k %B [%b] %w %q %W uptime=%T enterprise=%N %v\\n"])
def test_snmptrapd_logs_traps_of_every_version_and_no_community_is_kept(tmp_path: Path, form: str) -> None:
    snmptrapd, snmptrap, port = program("snmptrapd"), program("snmptrap"), free_port()
    (tmp_path / "t.conf").write_text("disableAuthorization yes\n")
    where = f"127.0.0.1:{port}"
    environment = {**os.environ, "MIBS": "", "SNMP_PERSISTENT_DIR": str(tmp_path)}

    def send(*words: str) -> bool:
        command = [snmptrap, "-c", "s3cr3tZx9", "-t", "1", "-r", "0", *words]
        return (
            subprocess.run(command, capture_output=True, timeout=WAIT_S, check=False, env=environment).returncode == 0
        )

    def informed() -> bool:  # an inform is acknowledged: whoever answers is there
        return send("-v", "2c", "-Ci", where, "1", "1.3.6.1.6.3.1.1.5.1")

    command = [snmptrapd, "-f", "-n", "-C", "-c", "t.conf", "-Lf", "trap.log", *(["-F", form] if form else []), where]
    with running(*command, until=informed, cwd=tmp_path, env=environment):
        send("-v", "2c", where, "1", "1.3.6.1.4.1.9.9.43.2.0.1", "1.3.6.1.4.1.9.9.43.1.1.6.1.8.5", "s", "eve")
        send(
            "-v",
            "1",
            where,
            "1.3.6.1.4.1.9.1.1",
            "192.0.2.1",
            "4",
            "0",
            "1",
            "1.3.6.1.4.1.9.2.1.5.0",
            "a",
            "203.0.113.9",
        )
        assert informed()
    result = read_path(tmp_path / "trap.log", snmp_traps.SOURCE)
    rows = result.rows("snmp_traps")
    assert [row["trap"] for row in rows][-4:] == [
        "coldStart",
        "ciscoConfigManEvent",
        "authenticationFailure",
        "coldStart",
    ]
    has(rows[-3], activity="config_change")
    has(rows[-2], activity="login", outcome="failure", src_ip="203.0.113.9")
    assert "s3cr3tZx9" not in str(result)
    assert not result.rejects


def test_openssh_s_sftp_server_says_what_was_fetched(tmp_path: Path) -> None:
    sftp = program("sftp")
    server = next(
        (p for p in ("/usr/lib/openssh/sftp-server", "/usr/libexec/openssh/sftp-server") if Path(p).exists()), None
    )
    if server is None:
        pytest.skip("sftp-server is not installed: make system-deps")
    (tmp_path / "cdr.csv").write_text("x" * 1_234)
    script = f"get {tmp_path}/cdr.csv {tmp_path}/fetched\nput {tmp_path}/cdr.csv {tmp_path}/sent\nrm {tmp_path}/sent\n"
    command = [sftp, "-D", f"{server} -e -l INFO", "-b", "-", "localhost"]
    done = subprocess.run(command, input=script, capture_output=True, text=True, timeout=WAIT_S, check=True)
    said = [line for line in done.stderr.splitlines() if '"' in line or "session" in line]
    rows = read_as_found("\n".join(f"Nov 22 10:30:17 sftp1 sftp-server[7]: {line}" for line in said)).rows("transfers")
    deeds = [
        (r["action"], r["bytes"], Path(str(r["object"])).name)
        for r in rows
        if r["action"] in ("read", "write", "delete")
    ]
    assert deeds == [("read", 1_234, "cdr.csv"), ("write", 1_234, "sent"), ("delete", None, "sent")]


def test_vsftpd_logs_in_both_its_forms(tmp_path: Path) -> None:
    vsftpd, curl, port = program("vsftpd"), program("curl"), free_port()
    if os.getuid():
        pytest.skip("vsftpd starts as root only")
    try:
        pwd.getpwnam("ftp")
    except KeyError:
        pytest.skip("no account `ftp` to serve files by: make system-deps")
    folder = Path(tempfile.mkdtemp(prefix="seawall-ftp-"))
    try:
        folder.chmod(0o755)
        (folder / "cdr.csv").write_text("x" * 1_234)
        (folder / "cdr.csv").chmod(0o644)
        (tmp_path / "v.conf").write_text(
            f"listen=YES\nlisten_address=127.0.0.1\nlisten_port={port}\nbackground=NO\nanonymous_enable=YES\nlocal_enable=NO\n"
            f"no_anon_password=YES\nanon_root={folder}\nsecure_chroot_dir={folder}\nxferlog_enable=YES\ndual_log_enable=YES\n"
            f"xferlog_file={tmp_path}/xferlog\nvsftpd_log_file={tmp_path}/vsftpd.log\nseccomp_sandbox=NO\nisolate=NO\n"
            "isolate_network=NO\nftp_username=ftp\n"
        )
        with running(vsftpd, f"{tmp_path}/v.conf", until=answers(port), cwd=tmp_path):
            fetch = [curl, "-s", "-o", f"{tmp_path}/got", f"ftp://127.0.0.1:{port}/cdr.csv"]
            subprocess.run(fetch, timeout=WAIT_S, check=True)
    finally:
        shutil.rmtree(folder)
    for name in ("xferlog", "vsftpd.log"):
        (row,) = (row for row in read_path(tmp_path / name).rows("transfers") if row["action"] == "read")
        has(row, object="/cdr.csv", bytes=1_234, src_ip="127.0.0.1", direction="out", outcome="success")


def test_postgresql_logs_connections_and_statements_in_three_forms() -> None:
    initdb, postgres, psql, port = program("initdb"), program("postgres"), program("psql"), free_port()
    folder = Path(tempfile.mkdtemp(prefix="seawall-pg-"))
    user: dict[str, object] = {}
    if os.getuid() == 0:  # it refuses to run as root
        try:
            account = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("no account `postgres` to run it: make system-deps")
        os.chown(folder, account.pw_uid, account.pw_gid)
        user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    try:
        options = ["-D", f"{folder}/db", "-U", "ann", "-A", "trust", "--no-sync", "--locale=C"]
        subprocess.run([initdb, *options], capture_output=True, check=True, timeout=120, cwd=folder, **user)  # type: ignore[call-overload]
        settings = {
            "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "fsync": "off",
            "logging_collector": "on", "log_directory": str(folder), "log_filename": "pg.log",
            "log_destination": "stderr,csvlog,jsonlog", "log_connections": "on", "log_disconnections": "on",
            "log_statement": "all", "log_line_prefix": "%m [%p] %q%u@%d %r ",
        }  # fmt: skip
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        ask = [psql, "-h", "127.0.0.1", "-p", str(port), "-U", "ann", "-d", "postgres", "-c"]
        with running(postgres, "-D", f"{folder}/db", *words, until=answers(port), cwd=folder, **user):
            for sql in ("CREATE TABLE cdr (a int)", "SELECT *\nFROM cdr", "ALTER USER ann PASSWORD 'hUnter2Zx9'"):
                subprocess.run([*ask, sql], capture_output=True, check=True, timeout=WAIT_S, cwd=folder)
        for name in ("pg.log", "pg.csv", "pg.json"):
            result = read_path(folder / name)
            assert not result.rejects
            assert "hUnter2Zx9" not in str(result)
            rows = result.rows("db_audit")
            (read,) = (row for row in rows if row["action"] == "read")
            has(read, user="ann", database="postgres", src_ip="127.0.0.1", object="cdr", operation="SELECT")
            assert {row["activity"] for row in rows} == {None, "login", "logout"}
    finally:
        shutil.rmtree(folder)


def test_an_unknown_program_is_named_with_the_command_that_brings_it() -> None:
    with pytest.raises(pytest.skip.Exception, match="make system-deps"):
        program("seawall-has-no-such-program")
