"""A change package: what the carrier's own people or tools need to make a change, signed with the case's key.

Default for routers: `change.txt` goes into a ticket, NSO's load, or Ansible's `config` modules; `mop.md` is for people.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from seawall.disk.durable import Disk, disk_trouble
from seawall.errors import InputError
from seawall.ledger.note import VerifierKey, read_note
from seawall.model.action import Action
from seawall.response.actions import kind_of
from seawall.response.dialects import dialect_of
from seawall.response.plans import Plan

MANIFEST: Final = "manifest.json"
SIGNED: Final = "manifest.note"  # the same text as a signed note, by the key of the case's ledger


def package(
    plan: Plan, action: Action, folder: Path, approvers: tuple[str, ...], sign: Callable[[str], bytes], *, back: bool
) -> Path:
    """Write the package of one action into a new folder below `folder`; returns it. `back`: of its undo.

    Raises:
        InputError: it is there already, or the disk refuses.
    """
    target = folder / f"{action.id[:8]}-{action.kind}{'-undo' if back else ''}"
    if target.exists():
        raise InputError("is there already", where=str(target), mend="name another folder with --to")
    texts = _texts(plan, action, back)
    manifest = {
        "v": 1,
        "plan": plan.id,
        "incident": plan.incident,
        "action": action.id,
        "kind": action.kind,
        "target": action.target,
        "diff_sha256": action.digest,
        "undo": back,
        "approvers": list(approvers),
        "files": {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()},
    }
    told = json.dumps(manifest, sort_keys=True, indent=1) + "\n"
    disk = Disk()
    with disk_trouble(target):
        disk.make_folder(target)
        for name, text in texts.items():
            disk.write_file(target / name, text.encode())
        disk.write_file(target / MANIFEST, told.encode())
        disk.write_file(target / SIGNED, sign(told))
    return target


def check(folder: Path, case: VerifierKey) -> Mapping[str, object]:
    """The manifest of a package, if signature and files are whole. Raises InputError naming what is not."""
    try:
        told = (folder / MANIFEST).read_text(encoding="utf-8")
        note = read_note((folder / SIGNED).read_bytes(), where=str(folder / SIGNED))
        manifest: dict[str, object] = json.loads(told)
        files = manifest["files"]
        if not isinstance(files, dict):
            raise ValueError("no manifest")
        if note.text != told or not any(case.signed(told, one) for one in note.signatures):
            raise InputError("not signed by this case", where=str(folder), mend="ask for the package again")
        for name, digest in files.items():
            if Path(name).name != name or hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
                raise InputError(f"{name} was changed", where=str(folder), mend="ask for the package again")
    except (OSError, ValueError, KeyError):
        raise InputError("no whole package", where=str(folder), mend="ask for the package again") from None
    return manifest


def _texts(plan: Plan, action: Action, back: bool) -> dict[str, str]:
    do, undo = (action.undo, action.do) if back else (action.do, action.undo)
    return {
        "change.txt": do,
        "undo.txt": undo,
        "verify.txt": action.verify + "\n",
        "change.diff": "".join(f"+ {line}\n" for line in do.splitlines()),
        "mop.md": _procedure(plan, action, do, undo, back),
    }


def _procedure(plan: Plan, action: Action, do: str, undo: str, back: bool) -> str:
    kind = kind_of(action.kind)
    steps = [f"Save first: {what}." for what in action.save_first]
    if kind.door == "router":
        dialect = dialect_of(action.values["platform"])
        words = {"id": action.id[:8], "min": 5}
        enter = [line.format(**words) for line in (*dialect.before, dialect.enter)]
        steps += [
            f"Prepare ({dialect.name}): " + "; ".join(f"`{line}`" for line in enter) + ".",
            "Enter the lines of change.txt, and none else.",
            "Make them count"
            + (" for five minutes: " if dialect.timed else ": ")
            + "; ".join(f"`{line.format(**words)}`" for line in dialect.commit)
            + ".",
            f"Read back: {action.verify}.",
            "If so, keep it: " + "; ".join(f"`{line.format(**words)}`" for line in dialect.confirm) + ".",
            "If not, go back: " + "; ".join(f"`{line.format(**words)}`" for line in dialect.rollback) + ".",
        ]
        if not dialect.timed:
            steps.append("This platform rolls nothing back by itself: keep a second way in open until it is read back.")
    else:
        steps += ["Do what change.txt says, and nothing else.", f"Read back: {action.verify}."]
    steps.append("Write into the ticket what was done and read back, with times in UTC.")
    numbered = "\n".join(f"{n}. {step}" for n, step in enumerate(steps, 1))
    return (
        f"# {'Undo: ' if back else ''}{kind.title} on {action.target}\n\nPlan {plan.id}, action {action.id}.\n"
        f"Digest of the change: {action.digest}\n\nReason: {action.reason}\n\n## Procedure\n\n{numbered}\n\n"
        f"## Change\n\n{_quoted(do)}\n## Way back\n\n{_quoted(undo)}"
    )


def _quoted(text: str) -> str:
    """Text of the network as an indented block: nothing in it is formatting."""
    return "".join(f"    {line}\n" for line in text.splitlines()) or "    (none)\n"
