#!/usr/bin/env python3
"""Check a proof bundle of Seawall. Needs Python 3.8 or newer, nothing else, and no network.

    python3 verify_proof.py BUNDLE [KEYS]

KEYS is the file of trusted keys you were given by another way than the bundle (C2SP tlog-policy). Without it the keys
in the bundle are used, and you must compare them yourself. Ends with 0 if everything holds, 1 if anything does not.
"""

import base64
import hashlib
import json
import pathlib
import sys

# Ed25519 (RFC 8032, 5.1): points as (X, Y, Z, T), x = X/Z, y = Y/Z, xy = T/Z.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)  # of -1


def add(a, b):
    e, f = (a[1] - a[0]) * (b[1] - b[0]), (a[1] + a[0]) * (b[1] + b[0])
    g, h = 2 * a[3] * b[3] * D, 2 * a[2] * b[2]
    w, x, y, z = f - e, h - g, h + g, f + e
    return w * x % P, y * z % P, x * y % P, w * z % P


def times(number, point):
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = add(total, point)
        point, number = add(point, point), number >> 1
    return total


def point(raw):
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        raise ValueError("not a point of the curve")
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519(public, message, signature):
    try:
        r, a, s = point(signature[:32]), point(public), int.from_bytes(signature[32:], "little")
    except ValueError:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    left, right = times(s, BASE), add(r, times(k, a))
    same = all((left[i] * right[2] - right[i] * left[2]) % P == 0 for i in (0, 1))
    return len(signature) == 64 and len(public) == 32 and s < ORDER and same


# Signed notes (C2SP signed-note, tlog-cosignature): kind 1 signs the text, kind 4 the text and a time.
def key(vkey):
    name, key_id, body = vkey.split("+", 2)
    raw = base64.b64decode(body, validate=True)
    if hashlib.sha256(name.encode() + b"\n" + raw).hexdigest()[:8] != key_id:
        raise ValueError("a key that does not fit its id: " + vkey)
    return name, bytes.fromhex(key_id), raw[0], raw[1:]


def signed(note, trusted):
    """The text of a note, and which of the trusted keys signed it."""
    text, _, lines = note.rpartition("\n\n")
    text, signers = text + "\n", set()
    for line in lines.splitlines():
        _, name, body = line.split(" ")
        raw = base64.b64decode(body, validate=True)
        for vkey in trusted:
            known, key_id, kind, public = key(vkey)
            if (known, key_id) == (name, raw[:4]):
                message, signature = text, raw[4:]
                if kind == 4:
                    at = int.from_bytes(raw[4:12], "big")
                    message, signature = f"cosignature/v1\ntime {at}\n{text}", raw[12:]
                if not ed25519(public, message.encode(), signature):
                    raise ValueError("the signature of " + name + " is wrong")
                signers.add(vkey)
    return text, signers


# Trusted keys (C2SP tlog-policy).
class Keys:
    def __init__(self, text):
        self.logs, self.witnesses, self.groups, self.quorum = [], {}, {}, None
        for words in (line.split() for line in text.splitlines()):
            if words and words[0] == "log":
                self.logs.append(words[1])
            elif words and words[0] == "witness":
                self.witnesses[words[1]] = words[2]
            elif words and words[0] == "group":
                self.groups[words[1]] = (words[2], words[3:])
            elif words and words[0] == "quorum":
                self.quorum = words[1]
        if self.quorum is None:
            raise ValueError("the trusted keys name no quorum")

    def met(self, name, signers):
        if name == "none":
            return True
        if name in self.witnesses:
            return self.witnesses[name] in signers
        count, members = self.groups[name]
        wanted = {"any": 1, "all": len(members)}.get(count) or int(count)
        return sum(self.met(member, signers) for member in members) >= wanted


# Proofs (RFC 6962, C2SP tlog-proof).
def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def proven(entry, proof, keys):
    """Check that an entry stands in the log; returns (number, size, names of witnesses)."""
    head, _, note = proof.partition("\n\n")
    lines = [line for line in head.splitlines() if not line.startswith("extra ")]
    if lines[0] != "c2sp.org/tlog-proof@v1":
        raise ValueError("not a proof")
    index, hashes = int(lines[1].split(" ")[1]), [base64.b64decode(line, validate=True) for line in lines[2:]]
    text, signers = signed(note, [*keys.logs, *keys.witnesses.values()])
    origin, size, root = text.splitlines()[:3]
    size, root = int(size), base64.b64decode(root)
    if not any(log in signers and key(log)[0] == origin for log in keys.logs):
        raise ValueError("the checkpoint is not signed by a trusted log")
    if not keys.met(keys.quorum, signers):
        raise ValueError("too few trusted witnesses signed the checkpoint")
    here, last, found = index, size - 1, hashlib.sha256(b"\x00" + entry).digest()
    for hash_ in hashes:
        if last == 0 or len(hash_) != 32:
            raise ValueError("the proof is too long")
        if here % 2 or here == last:
            found = node(hash_, found)
            while here % 2 == 0 and here:
                here, last = here // 2, last // 2
        else:
            found = node(found, hash_)
        here, last = here // 2, last // 2
    if not 0 <= index < size or last or found != root:
        raise ValueError("the entry is not what the log holds at its place")
    return index, size, sorted(name for name, vkey in keys.witnesses.items() if vkey in signers)


def say(text):
    """Print in plain letters: nothing a bundle holds can move the cursor and write over what was said before."""
    print("".join(c if " " <= c <= "~" else ascii(c)[1:-1] for c in text))


def main(bundle, given=None):
    folder = pathlib.Path(bundle)
    trusted = (pathlib.Path(given) if given else folder / "keys.policy").read_text(encoding="utf-8")
    keys = Keys(trusted)
    finding, entry = (folder / "finding.json").read_bytes(), (folder / "entry.json").read_bytes()
    said = json.loads(entry)
    if (said["kind"], said["body"]["sha256"]) != ("finding", hashlib.sha256(finding).hexdigest()):
        raise ValueError("finding.json is not what the entry speaks of: it was changed")
    index, size, names = proven(entry, (folder / "entry.tlog-proof").read_text(encoding="utf-8"), keys)
    say(f"holds: finding {json.loads(finding)['id']}, written {said['ts']}")
    say(f"holds: entry {index} of {size}, signed by the log and by {', '.join(names) or 'no witness'}")
    for path in sorted(folder.glob("custody-*.json")):
        raw = path.read_bytes()
        if json.loads(raw)["kind"] not in ("file", "custody"):
            raise ValueError(path.name + " is no entry about a file")
        number, _, _ = proven(raw, path.with_suffix(".tlog-proof").read_text(encoding="utf-8"), keys)
        say(f"holds: entry {number}, a file of evidence with SHA-256 {json.loads(raw)['body']['sha256']}")
    if not given:
        say("but:   the keys came with the bundle. Compare them with those you were given another way:")
        for line in trusted.splitlines():
            say(f"       {line}")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (ValueError, KeyError, IndexError, TypeError, OSError) as error:
        say(f"DOES NOT HOLD: {error}")
        sys.exit(1)
