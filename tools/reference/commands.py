"""The page about the command line, asked from its own command tree."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterator

import click

from seawall.cli.main import cli
from tools.reference.markdown import cell, code, page, table


def walk(command: click.Command, context: click.Context) -> Iterator[tuple[str, click.Command, click.Context]]:
    """Every command below `command` with its whole name, groups before their members."""
    yield context.command_path, command, context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found is not None and not found.hidden:
                yield from walk(found, click.Context(found, info_name=name, parent=context))


def all_commands() -> Iterator[tuple[str, click.Command, click.Context]]:
    """Every command of `seawall`, the program itself first."""
    return walk(cli, click.Context(cli, info_name="seawall"))


def write() -> str:
    """The page."""
    parts = [_describe(name, command, context) for name, command, context in all_commands()]
    intro = "Results go to standard output, everything else to standard error. `--help` says the same as this page."
    return page("Commands", intro, *parts)


def _describe(name: str, command: click.Command, context: click.Context) -> str:
    usage = " ".join(command.collect_usage_pieces(context))
    lines = [f"## {name}", "", f"`{name} {usage}`", "", _prose(command.help or ""), ""]
    options = [p for p in command.params if isinstance(p, click.Option) and not p.hidden]
    if options:
        lines.append(table(("option", "meaning", "default"), [_option(o, context) for o in options]))
    if command.epilog:
        lines += ["", _prose(command.epilog), ""]
    return "\n".join(lines)


def _prose(text: str) -> str:
    """Help text as Markdown: paragraphs flow, what click was told not to wrap becomes a block of code."""
    return "\n\n".join(_paragraph(part) for part in inspect.cleandoc(text).split("\n\n"))


def _paragraph(text: str) -> str:
    if not text.startswith("\b\n"):
        return " ".join(text.split()).replace("<", "&lt;")
    head, *rest = text.removeprefix("\b\n").splitlines()
    return f"{head.strip()}\n\n```text\n{textwrap.dedent(chr(10).join(rest))}\n```"


def _option(option: click.Option, context: click.Context) -> tuple[str, str, str]:
    spelled = ", ".join((*option.opts, *option.secondary_opts))
    if not option.is_flag:
        spelled += f" {option.make_metavar(context)}"
    more = " May be given again." if option.multiple and "again" not in (option.help or "") else ""
    default = option.show_default if isinstance(option.show_default, str) else option.to_info_dict().get("default")
    shown = "" if default in (None, False, (), "") or callable(default) or "UNSET" in repr(default) else str(default)
    return code(spelled), cell((option.help or "") + more), code(shown)
