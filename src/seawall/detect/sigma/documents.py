"""The YAML documents of a rule file, each with its line, bounded in number and in what their anchors expand to."""

from __future__ import annotations

from typing import Any, Final

import yaml
from sigma.exceptions import SigmaConditionError, SigmaError
from sigma.rule.base import SigmaYAMLLoader, check_alias_expansion

from seawall.detect.sigma.archive import RuleFile
from seawall.errors import RuleError

MAX_DOCUMENTS: Final = 1_000
MAX_NESTING: Final = 100  # YAML's C library builds documents by calling itself: it would take the process with it


def documents_of(file: RuleFile) -> tuple[str, list[tuple[int, Any]]]:
    """The text of a file, and its documents with the line each starts on; empty ones left out.

    Raises:
        RuleError: it is not YAML, or more of it than a rule can need.
    """
    try:
        text = file.data.decode("utf-8-sig")
        return text, _documents(text)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError, SigmaError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{file.origin}:{mark.line + 1}" if mark is not None else f"{file.origin}:1"
        what = getattr(error, "problem", None) or first_line(error)
        raise RuleError(f"not YAML: {what}", where=where, mend="mend the YAML at the place named") from error


def _measure(text: str) -> None:
    """Raise ValueError for more documents, or more depth, than a rule can need. Nothing is built for that."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=SigmaYAMLLoader):
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if documents > MAX_DOCUMENTS:
            raise ValueError(f"more than {MAX_DOCUMENTS} documents in one file")
        if depth > MAX_NESTING:
            mark: Any = event.start_mark
            raise yaml.MarkedYAMLError(problem=f"nests deeper than {MAX_NESTING} levels", problem_mark=mark)


def _documents(text: str) -> list[tuple[int, Any]]:
    _measure(text)
    loader = SigmaYAMLLoader(text)
    found: list[tuple[int, Any]] = []
    try:
        while loader.check_node():
            node = loader.get_node()
            if node is not None:
                document = loader.construct_document(node)
                check_alias_expansion(document)
                if document is not None:
                    found.append((node.start_mark.line + 1, document))
    finally:
        loader.dispose()
    return found


def place_of(text: str, line: int, error: Exception) -> int:
    """The line most likely meant: the condition for conditions, else the question, else the document's start."""
    words = ("condition:",) if isinstance(error, SigmaConditionError) else ("detection:", "correlation:", "filter:")
    lines = text.splitlines()
    for number in range(line - 1, len(lines)):
        if lines[number].strip().startswith(words):
            return number + 1
        if number >= line and lines[number].startswith("---"):
            break
    return line


def first_line(error: Exception) -> str:
    """What an error says first, shortened."""
    return str(error).strip().partition("\n")[0][:300]
