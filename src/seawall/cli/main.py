"""The outer door: one table of commands, loaded only when called, and the one place that catches everything."""

from __future__ import annotations

import errno
import importlib
import io
import os
import signal
import sys
import threading
import traceback
from dataclasses import dataclass
from typing import Final

import click

from seawall import __version__
from seawall.errors import InputError, SeawallError


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command lives, and the line `--help` prints for it without loading it."""

    place: str  # "module:attribute"
    summary: str
    hidden: bool = False  # a process of the service, which `seawall serve` starts


COMMANDS: Final[dict[str, Entry]] = {
    "hunt": Entry(
        "seawall.cli.hunt:hunt", "Read evidence of any kind, detect over the whole case, correlate, and report."
    ),
    "ingest": Entry("seawall.cli.lake:ingest", "Read evidence into a case's lake."),
    "custody": Entry("seawall.cli.custody:custody", "List the stored files a case was given, or hash them again."),
    "audit": Entry(
        "seawall.cli.audit:audit",
        "Check device configurations: what lets an intruder in, why it matters, and the lines that mend it.",
    ),
    "query": Entry("seawall.cli.lake:query", "Ask a case's lake one question in SQL."),
    "flows": Entry("seawall.cli.flows:flows", "Look around in flows: who speaks most, with whom, and at an even beat."),
    "incidents": Entry(
        "seawall.cli.incidents:incidents",
        "List incidents, explain one, say what was reached; merge, split, suppress.",
    ),
    "report": Entry(
        "seawall.cli.report:report",
        "Say who must be told by when, draft what to tell them, and report one incident.",
    ),
    "respond": Entry(
        "seawall.cli.respond:respond",
        "Cut an intruder off: plan, approve, apply, verify and undo. Nothing changes without two signatures.",
    ),
    "share": Entry(
        "seawall.cli.share:share",
        "Give and take intelligence: STIX, MISP, OCSF, CSV, Sigma, each under its marking; nothing leaves unseen.",
    ),
    "ledger": Entry("seawall.cli.ledger:ledger", "Verify the record nobody can rewrite, and prove what stands in it."),
    "rules": Entry("seawall.cli.rules:rules", "List, show, test and check detection rules."),
    "coverage": Entry(
        "seawall.cli.rules:coverage",
        "Say per device and behaviour: observable, partly, not observable; what would fix it, and at what price.",
    ),
    "people": Entry("seawall.cli.people:people", "Say who may sign approvals."),
    "vault": Entry("seawall.cli.vault:vault", "Keep intercept target identifiers where only a signature shows one."),
    "intercepts": Entry(
        "seawall.cli.intercepts:intercepts",
        "Compare active taps with court orders, and watch who administers them. Reads exports; changes nothing.",
    ),
    "drill": Entry(
        "seawall.cli.drill:drill",
        "Play labelled intrusions through the very pipeline that guards production, and say what was seen, and when.",
    ),
    "train": Entry(
        "seawall.cli.train:train", "Practise telling attacks from genuine messages; lessons, desk cards, exercises."
    ),
    "serve": Entry(
        "seawall.cli.serve:serve", "Collect, detect and notify for as long as it runs: the eyes that never close."
    ),
    "serve-collect": Entry("seawall.cli.serve_children:collect", "Listen for syslog and flow export.", hidden=True),
    "serve-push": Entry("seawall.cli.serve_children:push", "Take events pushed over HTTP.", hidden=True),
    "serve-poll": Entry(
        "seawall.cli.serve_children:poll",
        "Follow files, and poll repositories, mailboxes and collections.",
        hidden=True,
    ),
    "serve-detect": Entry("seawall.cli.serve_children:detect", "Judge what the spool holds, and tell.", hidden=True),
    "serve-settle": Entry(
        "seawall.cli.serve_children:settle",
        "Ask everything of the case once, as the detector does over and over.",
        hidden=True,
    ),
    "serve-notify": Entry(
        "seawall.cli.serve_children:notify",
        "Send notices, findings and tickets, and answer /healthz and /metrics.",
        hidden=True,
    ),
    "serve-web": Entry("seawall.cli.serve_children:web", "Answer the console's pages and API.", hidden=True),
    "serve-taxii": Entry("seawall.cli.serve_children:taxii", "Answer TAXII clients.", hidden=True),
    "taxii": Entry(
        "seawall.cli.serve_taxii:taxii",
        "Prepare a TAXII server: an example to start from, passwords, tokens. It runs with `seawall serve`.",
    ),
    "mail": Entry(
        "seawall.cli.mail:mail",
        "Judge the messages people report: phish, spam, wanted or unsure, and why. Never touches the network.",
    ),
    "notify": Entry(
        "seawall.cli.notify:notify", "Say who is told of incidents, try the channels, and acknowledge what was told."
    ),
    "backup": Entry("seawall.cli.backup:backup", "Write everything a case is into one file, checked as it is written."),
    "restore": Entry("seawall.cli.backup:restore", "Bring a case back from a backup, into a folder that is empty."),
    "init": Entry("seawall.cli.case:init", "Make a case folder with commented settings."),
    "doctor": Entry("seawall.cli.case:doctor", "Say what is installed, and what each missing part would enable."),
    "demo": Entry("seawall.cli.demo:demo", "Play a carrier intrusion into an evidence folder and hunt it."),
    "completion": Entry("seawall.cli.case:completion", "Print the completion script for your shell."),
}


class LazyGroup(click.Group):
    """Knows its commands by name; imports one only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Names in the order a person meets them."""
        return [name for name, entry in COMMANDS.items() if not entry.hidden]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command itself, imported now."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, _, attribute = entry.place.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of commands, from the table alone: `--help` must not wait for imports."""
        with formatter.section("Commands"):
            shown = [(name, entry.summary) for name, entry in COMMANDS.items() if not entry.hidden]
            formatter.write_dl(shown)


EPILOG: Final = """\b
Start here:
  seawall demo                         see it catch an intrusion
  seawall hunt evidence/ --report r.html
  seawall ingest --explain evidence/   what could be read, writing nothing

Results go to standard output, everything else to standard error. Exit codes: 0 fine, 1 our fault, 2 usage,
3 input, 4 rule, 5 another system refused, 10 only with --fail-on."""


@click.group(cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="seawall")
@click.option("--no-color", is_flag=True, help="No colour; NO_COLOR in the environment does the same.")
def cli(no_color: bool) -> None:
    """Detect intruders in a telecom carrier, and say honestly what they touched.

    Seawall reads the evidence a carrier already has, and is defensive only.
    """
    if no_color:
        os.environ["NO_COLOR"] = "1"  # rich, click and our children all honour it


def run(arguments: list[str] | None = None) -> None:
    """Run the command line and leave the process with the right exit code."""
    os.umask(0o077)  # cases and reports are for their owner alone
    _ready_streams()
    _end_tidily_when_told()
    try:
        code = cli.main(args=arguments, prog_name="seawall", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _say("stopped; what was committed before stays, and running again completes it")
        sys.exit(130)
    except BrokenPipeError:
        _quiet_stdout()
        sys.exit(0)
    except SeawallError as error:
        _explain(error)
        sys.exit(error.exit_code)
    except OSError as error:
        if error.errno not in _FULL:
            _confess(error)
            sys.exit(1)
        _explain(InputError(f"cannot write: {error.strerror}", mend="free some space, or write somewhere else"))
        _quiet_stdout()
        sys.exit(InputError.exit_code)
    except Exception as error:  # noqa: BLE001 - the outer door: nothing may leave as a bare traceback
        _confess(error)
        sys.exit(1)
    if isinstance(code, int) and code:  # how click hands on `Exit` outside its standalone mode
        sys.exit(code)


_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def _end_tidily_when_told() -> None:
    """A polite SIGTERM lets go of temporary folders and worker processes, as Ctrl-C does."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _terminated)


def _terminated(number: int, frame: object) -> None:  # noqa: ARG001 - a handler's signature
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough: tidying up must come to its end
    sys.exit(128 + number)


def _ready_streams() -> None:
    """A closed stream swallows what it is given, and a narrow encoding shows what it cannot write as an escape."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - open as long as we are
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _say(text: str) -> None:
    from seawall.reporting.text import safe_terminal

    click.echo(f"seawall: {safe_terminal(text)}", err=True)


def _explain(error: SeawallError) -> None:
    _say(str(error))
    if error.mend:
        _say(f"try: {error.mend}")


def _confess(error: Exception) -> None:
    """Our own fault: say so in one line; the traceback only on request, as it may quote evidence."""
    _say(f"an error of our own: {type(error).__name__}: {error}")
    if os.environ.get("SEAWALL_DEBUG"):
        traceback.print_exc()
    else:
        _say("try: run again with SEAWALL_DEBUG=1 and send us the traceback (read it first: it may quote evidence)")


def _quiet_stdout() -> None:
    """The reader of our output left (`| head`): let the interpreter close without complaint."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
