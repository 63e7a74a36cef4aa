"""Train the text model that `seawall mail triage` ships with: `make model`.

    python -m tools.mail_model [--out FILE] [--without FOLDER]

Reads the labelled samples below SEAWALL_CORPUS and the pretexts of content/mail/pretexts.toml, which are ours. Only
hashed weights are kept: no word, address or name of any message can be read out of them.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from seawall.detect.mail.textmodel import TextModel

ROOT: Final = Path(__file__).parents[1]
OUT: Final = ROOT / "src" / "seawall" / "detect" / "mail" / "model.npz"
FOLDERS: Final = ("mail", "mail-modern")


@dataclass(frozen=True)
class Sample:
    """A text with its label."""

    subject: str
    text: str
    label: str  # phish, spam, wanted
    weight: float = 1.0


def samples_of(folder: Path) -> list[Sample]:
    """Labelled messages of a corpus folder: `labels.csv` beside `eml/`."""
    from seawall.detect.mail.facts import facts_of
    from seawall.detect.mail.world import World
    from seawall.sources.mail.whole import mail_of

    found = []
    with (folder / "labels.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            mail = mail_of((folder / "eml" / row["file"]).read_bytes(), row["file"])
            facts = facts_of(mail, World())
            found.append(Sample(facts.subject, facts.new_text, {"ham": "wanted"}.get(row["label"], row["label"])))
    return found


def train(samples: Sequence[Sample], strength: float = 10.0) -> TextModel:
    """Logistic regression over hashed words and pairs, weighed by how rare they are; classes count alike."""
    import numpy as np
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
    from sklearn.linear_model import LogisticRegression

    from seawall.detect.mail.textmodel import BUCKETS, CLASSES, TextModel, features

    rows = [features(one.subject, one.text) for one in samples]
    seen = np.zeros(BUCKETS)
    for row in rows:
        seen[list(row)] += 1
    idf = np.where(seen > 0, np.log((1 + len(rows)) / (1 + seen)) + 1, 0.0)
    data: list[float] = []
    at: list[int] = []
    starts = [0]
    for row in rows:
        values = np.array([value * idf[bucket] for bucket, value in row.items()])
        data += list(values / max(float(np.linalg.norm(values)), 1e-9))
        at += list(row)
        starts.append(len(at))
    matrix = csr_matrix((data, at, starts), shape=(len(rows), BUCKETS))
    labels = [CLASSES.index(one.label) for one in samples]
    fit = LogisticRegression(C=strength, max_iter=2_000, class_weight="balanced")
    fit.fit(matrix, labels, sample_weight=[one.weight for one in samples])
    return TextModel(fit.coef_.astype(np.float32), fit.intercept_.astype(np.float32), idf.astype(np.float32))


def write(model: TextModel, path: Path) -> None:
    """Keep a model as numbers, half as exact as they were made: nothing is lost that a verdict would show."""
    import numpy as np

    half: dict[str, Any] = {name: np.asarray(getattr(model, name), np.float16) for name in ("weight", "bias", "idf")}
    np.savez_compressed(path, **half)


def main(arguments: Sequence[str] | None = None) -> int:
    """Train on everything there is, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--without", action="append", default=[], help="leave a folder of samples out")
    told = parser.parse_args(arguments)
    corpus = os.environ.get("SEAWALL_CORPUS")
    if not corpus:
        print("make model: set SEAWALL_CORPUS to the folder that holds mail/ and mail-modern/", file=sys.stderr)
        return 2
    samples = pretexts()
    for name in FOLDERS:
        if name not in told.without:
            samples += samples_of(Path(corpus) / name)
    write(train(samples), told.out)
    counts = {label: sum(one.label == label for one in samples) for label in ("phish", "spam", "wanted")}
    print(f"{told.out.name}: {told.out.stat().st_size:,} bytes from {len(samples)} messages {counts}")
    return 0


def pretexts() -> list[Sample]:
    """Our own examples: what is asked of carriers' staff, and wanted mail that asks for the like."""
    import tomllib

    path = ROOT / "tools" / "mail_pretexts.toml"
    if not path.exists():
        return []
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    return [Sample(one["subject"], one["text"], one["label"]) for one in raw["message"]]


if __name__ == "__main__":
    sys.exit(main())
