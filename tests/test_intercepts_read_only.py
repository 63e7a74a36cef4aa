"""The guard only reads, and the source proves it: nothing in Seawall can place, change or remove an intercept.

Three things would be needed to write to an intercept system: a way to send, a message it obeys, and a credential
it trusts. Here the source is asked for each; every check is shown an offender first, so that it cannot pass by being
blind.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

SRC: Final = Path(__file__).parents[1] / "src" / "seawall"
ROOMS: Final = ("sources/intercepts", "detect/oversight", "vault/passing.py", "cli/intercepts", "pipeline/oversight")
SENDING: Final = frozenset(
    {"socket", "ssl", "http", "httpx", "urllib", "requests", "aiohttp", "asyncio", "subprocess", "paramiko", "netmiko",
     "napalm", "ncclient", "pysnmp", "smtplib", "ftplib", "telnetlib", "xmlrpc", "socketserver", "websockets", "ctypes",
     "pty", "exabgp", "multiprocessing"}
)  # fmt: skip
SENDING_CALLS: Final = frozenset(
    {"system", "popen", "execv", "execve", "posix_spawn", "spawnv", "__import__", "eval", "exec"}
)
# What an intercept system obeys: X1 requests that change something, DTCP verbs, SNMP rows, OpenLI's update interface.
OBEYED: Final = re.compile(
    r"<\s*(?:\w+:)?X1Request\b|\b(?:Activate|Modify|Deactivate|DeactivateAll)Tasks?Request\b"
    r"|\b(?:Create|Modify|Remove|RemoveAll)Destinations?Request\b|\b(?:ADD|DELETE|REFRESH|ENABLE|DISABLE) DTCP/\d\.\d"
    r"|\bsnmpset\b|\bcreateAnd(?:Go|Wait)\b|/(?:ip|voip|email)intercept\b|\benableLI\b|<\s*HI1Message\b"
)
CREDENTIAL: Final = re.compile(
    r"(?:x1|dtcp|admf|lipf|openli|intercept|tap2?|mediation|li)_?(?:password|secret|key_?file|client_?cert|community|token"
    r"|api_?key|priv_?key|credentials?|username|login)",
    re.I,
)


def modules() -> list[Path]:
    return sorted(SRC.rglob("*.py"))


def in_rooms(path: Path) -> bool:
    return any(path.relative_to(SRC).as_posix().startswith(room) for room in ROOMS)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.AST) -> Iterator[str]:
    """Full names of what is imported anywhere in a module, inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def sends(tree: ast.AST) -> set[str]:
    """Ways out of the process a module reaches for by itself."""
    found = {name.partition(".")[0] for name in imported(tree)} & SENDING
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            found |= {name} & SENDING_CALLS
            found |= {"import_module"} if name == "import_module" else set()
    return found


def writes(tree: ast.AST) -> set[str]:
    """Calls that could change a file or a device node."""
    names = {"write_text", "write_bytes", "unlink", "rmdir", "rename", "replace_file", "mkdir", "symlink_to", "remove"}
    found = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        modes = [a.value for a in (*node.args[:2], *(k.value for k in node.keywords)) if isinstance(a, ast.Constant)]
        if name in names or (
            name == "open" and any(isinstance(m, str) and set(m) & set("wax+") and len(m) < 4 for m in modes)
        ):
            found.add(name)
    return found


def texts(tree: ast.AST) -> Iterator[str]:
    """Every text a module could send; not its docstrings, and not what it recognises by a pattern."""
    patterns = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") in ("compile", "search", "match", "fullmatch", "sub")
        for part in ast.walk(node)
    }
    documents = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str | bytes)
            and id(node) not in patterns | documents
        ):
            yield node.value.decode("latin-1") if isinstance(node.value, bytes) else node.value


@pytest.mark.parametrize(
    ("offender", "seen"),
    [
        ("import socket", {"socket"}),
        ("def f():\n    from urllib.request import urlopen", {"urllib"}),
        ("import os\nos.system('x')", {"system"}),
        ("import importlib\nimportlib.import_module('so' + 'cket')", {"import_module"}),
        ("x = 1", set()),
    ],
)
def test_a_way_to_send_would_be_seen(offender: str, seen: set[str]) -> None:
    assert sends(ast.parse(offender)) == seen


def test_the_guard_has_no_way_to_send() -> None:
    guard = [path for path in modules() if in_rooms(path)]
    assert len(guard) > 30
    assert {path.relative_to(SRC).as_posix(): sends(tree_of(path)) for path in guard if sends(tree_of(path))} == {}


def test_readers_and_judges_write_no_file() -> None:
    assert writes(ast.parse("open('x', 'w')\nPath('y').write_text('')")) == {"open", "write_text"}
    pure = [
        p for p in modules() if p.relative_to(SRC).as_posix().startswith(("sources/intercepts", "detect/oversight"))
    ]
    assert {p.name: writes(tree_of(p)) for p in pure if writes(tree_of(p))} == {}


def test_no_text_in_the_whole_source_is_a_message_an_intercept_system_obeys() -> None:
    assert [t for t in texts(ast.parse("x = '<X1Request xmlns='")) if OBEYED.search(t)]
    assert [t for t in texts(ast.parse("x = f'ADD DTCP/0.7 {y}'")) if OBEYED.search(t)]
    said = {
        path.relative_to(SRC).as_posix(): found[0]
        for path in modules()
        for text in texts(tree_of(path))
        if (found := OBEYED.search(text))
    }
    assert said == {}


def test_no_setting_and_no_field_holds_a_credential_of_an_intercept_system() -> None:
    assert CREDENTIAL.fullmatch("x1_client_cert")
    held: dict[str, str] = {}
    for path in modules():
        for node in ast.walk(tree_of(path)):
            name = (
                node.arg if isinstance(node, ast.arg | ast.keyword) else node.id if isinstance(node, ast.Name) else ""
            )
            if name and CREDENTIAL.fullmatch(name):
                held[path.relative_to(SRC).as_posix()] = name
    assert held == {}
