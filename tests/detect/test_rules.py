from __future__ import annotations

import io
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from seawall.detect import rules
from seawall.detect.rules import load, status
from seawall.errors import RuleError
from tests.corpus import corpus_path

GOOD = """\
title: Something
id: 11111111-1111-4111-8111-111111111111
logsource: {product: network, category: command}
detection:
  s: {command|startswith: 'x'}
  condition: s
level: low
"""
OTHER = GOOD.replace("1111-4111", "2222-4222").replace("Something", "Other")


def folder(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / f"{name}.yml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        pytest.param("title: [", "bad.yml:2", "not YAML", id="broken YAML"),
        pytest.param(GOOD + "level: high\n", "bad.yml:1", "Duplicate key", id="a key twice"),
        pytest.param(GOOD.replace("condition: s", "condition: s and"), "bad.yml:6", "Expected", id="broken condition"),
        pytest.param(
            GOOD.replace("condition: s", "condition: t"), "bad.yml:6", "not defined", id="a name nobody defined"
        ),
        pytest.param(GOOD.replace("startswith", "startwith"), "bad.yml:4", "Unknown modifier", id="unknown modifier"),
        pytest.param(GOOD.replace("startswith: 'x'", "re: '('"), "bad.yml:4", "regular expression", id="broken regex"),
        pytest.param(GOOD.replace("level: low", "level: bad"), "bad.yml:4", "level", id="unknown level"),
        pytest.param(GOOD + "seawall: {confidense: 3}\n", "bad.yml:4", "confidense", id="unknown key of ours"),
        pytest.param("- a\n- b\n", "bad.yml:1", "mapping", id="a list"),
        pytest.param("just text", "bad.yml:1", "mapping", id="text"),
        pytest.param("\x00\x01", "bad.yml", "not YAML", id="control characters"),
        pytest.param(GOOD.replace("11111111", "zzz"), "bad.yml:4", "UUID", id="an id that is none"),
    ],
)
def test_a_broken_rule_says_where_and_what_and_the_rest_goes_on(
    tmp_path: Path, text: str, where: str, what: str
) -> None:
    ruleset = load([folder(tmp_path, bad=text, good=OTHER)], builtin=False)
    (error,) = ruleset.broken
    assert (error.where or "").startswith(where)
    assert what.lower() in error.what.lower()
    assert "\n" not in error.what
    assert error.mend
    assert [rule.about.title for rule in ruleset.rules] == ["Other"]


def test_documents_that_are_not_run_are_counted(tmp_path: Path) -> None:
    correlation = (
        "title: c\nid: c0000000-0000-4000-8000-000000000000\n"
        "correlation: {type: event_count, timespan: 1m, condition: {gt: 1}, "
        "rules: 11111111-1111-4111-8111-111111111111}\n"
    )
    narrowing = "title: f\nlogsource: {product: network}\nfilter: {rules: any, s: {user: x}, condition: not s}\n"
    retired = OTHER + "status: deprecated\n"
    elsewhere = GOOD.replace("product: network, category: command", "product: azure, service: signinlogs")
    ruleset = load(
        [
            folder(
                tmp_path,
                a=f"{GOOD}---\n{correlation}---\n{narrowing}",
                b=retired,
                c=elsewhere.replace("1111-4", "3333-4"),
            )
        ],
        builtin=False,
    )
    assert ruleset.account == {
        "running": 2,
        "correlations among them": 1,
        "filters": 1,
        "not applicable here": 1,
        "broken": 0,
        "its status is deprecated": 1,
    }


def test_of_two_rules_with_one_id_the_second_is_refused_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one = folder(tmp_path / "one", a=GOOD, b=GOOD.replace("Something", "Twice"))
    two = folder(tmp_path / "two", c=GOOD.replace("Something", "Thrice"))
    ruleset = load([one, two], builtin=False)
    assert [rule.about.title for rule in ruleset.rules] == ["Something"]
    assert [error.where for error in ruleset.broken] == ["b.yml:1", "c.yml:1"]
    assert all("already used by a.yml:1" in error.what for error in ruleset.broken)


def test_a_rule_of_the_analyst_replaces_a_built_in_one_of_the_same_id(tmp_path: Path) -> None:
    own = load().rules[0]
    tuned = GOOD.replace("11111111-1111-4111-8111-111111111111", own.about.id).replace("Something", "Tuned")
    ruleset = load([folder(tmp_path, a=tuned)])
    assert [rule.about.title for rule in ruleset.rules if rule.about.id == own.about.id] == ["Tuned"]
    assert ruleset.broken == ()


def test_archives_are_read_without_unpacking(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "r.tar.xz", "w:xz") as archive:
        for name, text in (("../../evil.yml", GOOD), ("rules/other.yml", OTHER), ("LICENSE", "x")):
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
        link = tarfile.TarInfo("link.yml")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    with zipfile.ZipFile(tmp_path / "r.zip", "w") as zipped:
        zipped.writestr("../x.yml", GOOD)
    assert load([tmp_path / "r.tar.xz"], builtin=False).account["running"] == 2
    assert load([tmp_path / "r.zip"], builtin=False).account["running"] == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.tar.xz", "r.zip"]


@pytest.mark.parametrize("content", [b"", b"not an archive", b"PK\x03\x04broken"])
def test_a_path_that_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.bin").write_bytes(content)
    with pytest.raises(RuleError):
        load([tmp_path / "x.bin"], builtin=False)


def test_a_rule_that_is_too_large_is_refused(tmp_path: Path) -> None:
    ruleset = load([folder(tmp_path, big=GOOD + "#" * (1 << 20), good=OTHER)], builtin=False)
    assert (len(ruleset.broken), len(ruleset.rules)) == (1, 1)


def test_a_rule_naming_a_field_no_event_has_says_so(tmp_path: Path) -> None:
    ruleset = load([folder(tmp_path, a=GOOD.replace("command|startswith", "Nonesuch"))], builtin=False)
    (told,) = status(ruleset, {"commands": ("time", "command")})
    assert told.said == "names a field no event has: Nonesuch"
    (told,) = status(ruleset, {"flows": ("time",)})
    assert told.said == "no events of its log source were read"


def test_reading_rules_never_touches_the_network(tmp_path: Path) -> None:
    tagged = GOOD + "tags: [attack.t1190, attack.initial-access, d3fend.d3-a]\n"
    code = (
        "import socket, sys, pathlib\n"
        "def refuse(*a, **k): raise SystemExit('network!')\n"
        "socket.socket = refuse; socket.create_connection = refuse; socket.getaddrinfo = refuse\n"
        "from seawall.detect import rules\n"
        "assert rules.load([pathlib.Path(sys.argv[1])]).account['running'] > 20\n"
        "print([m for m in sys.modules if m.startswith(('sigma.data', 'sigma.validators'))])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(folder(tmp_path, a=tagged))], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr, ran.stdout.strip()) == (0, "", "[]")


@pytest.mark.corpus
def test_the_public_rule_archive_loads() -> None:
    ruleset = load([corpus_path("sigma", "sigmahq-rules.tar.xz")], builtin=False)
    assert len(ruleset.rules) > 3_000
    assert all("no list of that name" in e.what or (e.where or "").startswith("unsupported/") for e in ruleset.broken)


def test_the_built_in_rules_are_where_the_package_is() -> None:
    assert rules.BUILTIN.is_dir()


def test_rules_kept_on_disk_are_the_rules_that_were_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    steps = list(rules.loading())
    first = steps[-1]
    again = list(rules.loading())
    assert any(isinstance(step, rules.Compiled) for step in steps)
    assert len(again) == 1  # nothing had to be compiled
    for loaded in (first, again[0]):
        assert isinstance(loaded, rules.RuleSet)
    for one, two in zip(first.rules, again[0].rules, strict=True):  # type: ignore[union-attr]
        assert one.about == two.about
        assert one.meta == two.meta
        assert [v.condition for v in one.variants] == [v.condition for v in two.variants]
        assert [v.route for v in one.variants] == [v.route for v in two.variants]
