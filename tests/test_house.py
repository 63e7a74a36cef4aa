"""The house itself: what must hold for the repository as a whole."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import tomllib
from importlib import metadata
from pathlib import Path

import click
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.reference.commands import all_commands

ROOT = Path(__file__).parents[1]
SRC = ROOT / "src" / "seawall"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

# Imported inside commands only: `seawall --help` must not wait for them.
HEAVY = (
    "cryptography",
    "pyarrow",
    "duckdb",
    "ibis",
    "numpy",
    "pandas",
    "sigma",
    "sqlalchemy",
    "pydantic",
    "evtx",
    "jinja2",
    "rich",
)
HELP_S = 0.4

_ELSEWHERE = Path(__file__).parent / "tested_elsewhere.txt"

# Needed at run time, though no line of ours imports them.
_UNIMPORTED = {
    "numpy": "Arrow hands arrays to it",
}


def _tracked() -> list[Path]:
    """Files git knows, or would know; skips outside a checkout."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    except FileNotFoundError:
        pytest.skip("git is not installed: apt-get install git")
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def _run_help() -> tuple[float, str]:
    """Seconds `seawall --help` takes in a process of its own, and what it imported."""
    script = (
        "import sys; sys.argv = ['seawall', '--help']\n"
        "from seawall.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)\n"
    )
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(SRC.parent)}
    )
    assert "Usage: seawall" in done.stdout
    return time.perf_counter() - began, done.stderr


def test_help_imports_nothing_heavy() -> None:
    _, modules = _run_help()
    loaded = {name.partition(".")[0] for name in modules.split()}
    assert not loaded & set(HEAVY), "import these inside the command that needs them"


def test_help_comes_at_once() -> None:
    fastest = min(_run_help()[0] for _ in range(5))
    assert fastest < HELP_S


def test_every_command_and_option_explains_itself() -> None:
    silent = []
    for name, command, _ in all_commands():
        if not (command.help or "").strip():
            silent.append(name)
        silent += [f"{name} {p.opts[0]}" for p in command.params if isinstance(p, click.Option) and not p.help]
    assert not silent, "give each a help text"


def test_commands_in_the_documentation_exist() -> None:
    known = {name for name, _, _ in all_commands()}
    groups = {name for name, command, _ in all_commands() if isinstance(command, click.Group)}
    wrong = []
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        if "reference" in path.parts or "evidence" in path.parts:
            continue
        for first, second in re.findall(r"\bseawall ([a-z]+)(?: ([a-z]+(?:-[a-z]+)*)\b)?", _shell_words(path)):
            whole = f"seawall {first} {second}" if f"seawall {first}" in groups and second else f"seawall {first}"
            if whole not in known:
                wrong.append(f"{path.relative_to(ROOT)}: {whole}")
    assert not wrong


def _shell_words(path: Path) -> str:
    """What a page tells its reader to type: bash blocks, and code in the text that starts with the program."""
    text = path.read_text(encoding="utf-8")
    blocks = re.findall(r"```bash\n(.*?)```", text, re.DOTALL)
    return "\n".join([*blocks, *re.findall(r"`(seawall [^`]+)`", text)])


def test_layers_name_every_part_and_parentheses_only_what_is_not_built() -> None:
    (contract,) = PROJECT["tool"]["importlinter"]["contracts"]
    named = [part.strip() for layer in contract["layers"] for part in layer.split("|")]
    built = {part for part in named if not part.startswith("(")}
    planned = {part.strip("()") for part in named if part.startswith("(")}
    there = {p.stem for p in SRC.iterdir() if p.suffix == ".py" or (p / "__init__.py").is_file()} - {"__init__"}
    assert contract["exhaustive"] is True
    assert there - set(contract["exhaustive_ignores"]) == built, (
        "add the part to the layers, or take its parentheses away"
    )
    assert not planned & there


def test_a_module_has_a_test_at_its_path_or_is_named_as_tested_elsewhere() -> None:
    modules = {
        module.as_posix()
        for module in (path.relative_to(SRC) for path in SRC.rglob("*.py"))
        if not module.stem.startswith("__")
        and "migrations" not in module.parts
        and module.parent != Path("model/kinds")  # tables of columns: tests/model/test_events.py reads them all
    }
    without = {m for m in modules if not (ROOT / "tests" / Path(m).parent / f"test_{Path(m).name}").is_file()}
    listed = {line for line in _ELSEWHERE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")}
    assert without - listed == set(), f"write a test at their path, or name them in {_ELSEWHERE.name}"
    assert listed - modules == set(), f"these are gone: take them out of {_ELSEWHERE.name}"


def test_what_is_imported_is_declared_and_what_is_declared_is_imported() -> None:
    declared = {canonicalize_name(Requirement(line).name) for line in PROJECT["project"]["dependencies"]}
    extras = {
        canonicalize_name(Requirement(line).name)
        for lines in PROJECT["project"]["optional-dependencies"].values()
        for line in lines
    }
    providers = metadata.packages_distributions()
    imported = {
        canonicalize_name(name)
        for module in _third_party_imports()
        for name in providers.get(module, [module])  # an extra need not be installed
    }
    assert imported - declared - extras == set(), "declare them in pyproject.toml, then: make pins"
    assert declared - imported - set(_UNIMPORTED) == set(), "take them out of pyproject.toml, then: make pins"


_IMPORTS = """
import ast, sys
from pathlib import Path
for path in Path(sys.argv[1]).rglob("*.py"):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            print(*(alias.name.partition(".")[0] for alias in node.names), sep="\\n")
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            print(node.module.partition(".")[0])
"""


def _third_party_imports() -> set[str]:
    """What our modules import; parsed in a process of its own, whose stack no test of deep input has been at."""
    told = subprocess.run([sys.executable, "-c", _IMPORTS, str(SRC)], capture_output=True, text=True, check=True)
    return set(told.stdout.split()) - set(sys.stdlib_module_names) - {"seawall"}


def test_the_repository_names_no_package_index_and_no_machine() -> None:
    # Put together here, so that this file does not name them either.
    hosts = ["pypi" + ".org", "python" + "hosted.org", "npm" + "js.", "un" + "pkg.com", "artifact" + "ory"]
    paths = ["/" + "work/", "/tmp/" + "wt"]  # /root and /home stand in samples: they are the intruder's business
    forbidden = re.compile("|".join([*map(re.escape, hosts), *(rf"(?<![\w./]){re.escape(p)}" for p in paths)]))
    named = []
    for path in _tracked():
        text = path.read_bytes().decode("utf-8", "replace")
        named += [f"{path.relative_to(ROOT)}: {found.group()}" for found in forbidden.finditer(text)]
    assert not named


def test_there_is_no_second_lock_file() -> None:
    assert not any(path.name == "uv.lock" for path in _tracked())
