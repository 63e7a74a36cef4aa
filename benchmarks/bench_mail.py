"""Mail triage: F1, recall and false positives across collections and in time, beside two peers; milliseconds a message.

    PYTHONPATH=.:src python benchmarks/bench_mail.py

Trained on one folder, scored on the other, and on the first half of `mail` by source number scored on its second half;
our own pretexts are in every training. The shipped model, which saw both, is never scored here. Peers: TF-IDF with
logistic regression (scikit-learn), and ten words of urgency plus a failed DMARC. Needs SEAWALL_CORPUS. JSON lines.
"""

from __future__ import annotations

import csv
import json
import os
import re
import statistics
import time
from collections import Counter
from pathlib import Path
from typing import Any

from seawall.detect.mail import textmodel
from seawall.detect.mail.judging import judge
from seawall.detect.mail.world import World, world_of
from seawall.model.mail import Mail
from seawall.model.site import MailSite
from seawall.sources.mail.whole import mail_of
from tools import mail_model

PARTNERS = [
    "kestrelnet.example",
    "obrantis.example",
    "lumenfold-networks.test",
    "deeptrench-cable.test",
    "sundara-mobile.example",
    "nordvik-tele.test",
    "port-clear.example",
    "police.castelvar.example",
    "filenook.example",
    "forge-bench.test",
    "pulse-watch.test",
    "hop-parcel.test",
    "wayfarer-desk.test",
    "people-cove.test",
    "askwell.test",
    "keyharbour.test",
    "cablerie-levant.test",
    "velmora-partnershops.example",
    "mailbatch.test",
    "sendlane.example",
    "relayform.example",
    "gerätebau-nordfeld.example",
]
SITE = world_of(
    MailSite(own_domains=("velmora.example",), partners=tuple(PARTNERS), trusted_relays=("mx1.velmora.example",))
)
URGENT = re.compile(
    r"\b(urgent|immediately|verify|suspend\w*|expire\w*|password|account|confirm|click|limited)\b", re.I
)

Row = dict[str, str]


def loaded(folder: Path) -> list[tuple[Row, Mail]]:
    """Messages with their labels."""
    with (folder / "labels.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        row["label"] = {"ham": "wanted"}.get(row["label"], row["label"])
    return [(row, mail_of((folder / "eml" / row["file"]).read_bytes(), row["file"])) for row in rows]


def told(name: str, rows: list[Row], verdicts: list[str], **more: Any) -> None:
    """Print one line of figures."""
    phish = [row["label"] == "phish" for row in rows]
    hit = sum(a and v == "phish" for a, v in zip(phish, verdicts, strict=True))
    said = verdicts.count("phish")
    hard = [v for r, v in zip(rows, verdicts, strict=True) if r["label"] == "wanted" and _hard(r)]
    easy = [v for r, v in zip(rows, verdicts, strict=True) if r["label"] == "wanted" and not _hard(r)]
    figures = {
        "what": name,
        "f1": round(2 * hit / max(1, said + sum(phish)), 3),
        "recall": round(hit / max(1, sum(phish)), 3),
        "precision": round(hit / max(1, said), 3),
        "wanted_called_phish_easy": f"{easy.count('phish')}/{len(easy)}",
        "wanted_called_phish_hard": f"{hard.count('phish')}/{len(hard)}",
        "unsure": verdicts.count("unsure"),
        "verdicts": dict(Counter(verdicts)),
        **more,
    }
    print(json.dumps(figures), flush=True)


def _hard(row: Row) -> bool:
    return row.get("hardness") == "hard" or "hard-ham" in row.get("source_file", "")


def ours(name: str, messages: list[tuple[Row, Mail]], model: Any, world: World, *, text_only: bool) -> None:
    """Our figures with a model that never saw the messages."""
    textmodel.shipped = lambda: model  # type: ignore[assignment]
    verdicts, spent = [], []
    for _, mail in messages:
        start = time.process_time()
        verdicts.append(judge(mail, world, text_only=text_only).verdict)
        spent.append(1_000 * (time.process_time() - start))
    told(name, [row for row, _ in messages], verdicts, median_ms=round(statistics.median(spent), 1))


def peers(name: str, train: list[mail_model.Sample], rows: list[Row], samples: list[mail_model.Sample]) -> None:
    """TF-IDF with logistic regression on the same text, and words of urgency."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    fit = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=1),
        LogisticRegression(C=10, max_iter=2_000, class_weight="balanced"),
    )
    fit.fit([f"{s.subject}\n{s.text}" for s in train], [s.label == "phish" for s in train])
    guessed = fit.predict([f"{s.subject}\n{s.text}" for s in samples])
    told(f"{name}: TF-IDF + logistic regression", rows, ["phish" if one else "wanted" for one in guessed])
    words = [len({m.lower() for m in URGENT.findall(f"{s.subject}\n{s.text}")}) >= 2 for s in samples]
    told(f"{name}: keyword rules", rows, ["phish" if one else "wanted" for one in words])


def halves(rows: list[Row]) -> tuple[list[int], list[int]]:
    """Indices of the first and the second half of each label, by the number of its source file."""
    first: list[int] = []
    second: list[int] = []
    for label in ("phish", "wanted", "spam"):
        at = [i for i, row in enumerate(rows) if row["label"] == label]
        at.sort(key=lambda i: int((re.findall(r"\d+", rows[i]["source_file"].rpartition("/")[2]) or ["0"])[0]))
        first += at[: len(at) // 2]
        second += at[len(at) // 2 :]
    return first, second


def main() -> None:
    """Print every figure."""
    root = Path(os.environ["SEAWALL_CORPUS"])
    old, new = loaded(root / "mail"), loaded(root / "mail-modern")
    texts = {"mail": mail_model.samples_of(root / "mail"), "mail-modern": mail_model.samples_of(root / "mail-modern")}
    more = mail_model.pretexts()
    by_mail, by_modern = mail_model.train(texts["mail"] + more), mail_model.train(texts["mail-modern"] + more)
    for told_, world in (("no site file", World()), ("site file", SITE)):
        ours(f"mail -> mail-modern, full, {told_}", new, by_mail, world, text_only=False)
    ours("mail -> mail-modern, text only", new, by_mail, World(), text_only=True)
    peers("mail -> mail-modern", texts["mail"], [row for row, _ in new], texts["mail-modern"])
    ours("mail-modern -> mail, full", old, by_modern, World(), text_only=False)
    ours("mail-modern -> mail, text only", old, by_modern, World(), text_only=True)
    peers("mail-modern -> mail", texts["mail-modern"], [row for row, _ in old], texts["mail"])
    first, second = halves([row for row, _ in old])
    half = mail_model.train([texts["mail"][i] for i in first] + texts["mail-modern"] + more)
    late = [old[i] for i in second]
    ours("mail, first half -> second, full", late, half, World(), text_only=False)
    ours("mail, first half -> second, text only", late, half, World(), text_only=True)
    train = [texts["mail"][i] for i in first]
    peers("mail, first half -> second", train, [row for row, _ in late], [texts["mail"][i] for i in second])


if __name__ == "__main__":
    main()
