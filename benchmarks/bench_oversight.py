"""The guard at a carrier's size: court orders against active taps of many elements, and one changed tap judged again.

`make bench` runs a tenth; `python -m benchmarks.bench_oversight --orders 100000 --taps 300000 --elements 50` the whole.
Reported: seconds from files to findings (reading, committing, joining, judging), peak memory, and the milliseconds one
changed tap takes against indexes that stand.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Final

HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<X1Response xmlns="http://uri.etsi.org/03221/X1/2017/10"'
    ' xmlns:c="http://uri.etsi.org/03280/common/2017/07" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    '<x1ResponseMessage xsi:type="GetAllDetailsResponse"><admfIdentifier>admf-1</admfIdentifier>'
    "<neIdentifier>{ne}</neIdentifier><messageTimestamp>2026-03-18T10:00:00.000000Z</messageTimestamp>"
    "<version>v1.13.1</version><x1TransactionId>5154f7d1-b32b-4169-9cf3-cbcc6694ce5b</x1TransactionId>"
    "<listOfTaskResponseDetails>\n"
)
TASK: Final = (
    "<taskResponseDetails><taskDetails><xId>{xid}</xId><targetIdentifiers><targetIdentifier>{target}</targetIdentifier>"
    "</targetIdentifiers><deliveryType>X2andX3</deliveryType><listOfDIDs><dId>{did}</dId></listOfDIDs></taskDetails>"
    "<taskStatus><provisioningStatus>complete</provisioningStatus><listOfFaults/></taskStatus></taskResponseDetails>\n"
)
DID: Final = "84e55160-3200-44ea-97a9-4ded97491e23"
TAIL: Final = (
    "</listOfTaskResponseDetails><listOfDestinationResponseDetails><destinationResponseDetails><destinationDetails>"
    f"<dId>{DID}</dId><deliveryType>X2andX3</deliveryType><deliveryAddress><ipAddressAndPort><c:address><c:IPv4Address>"
    "10.66.0.22</c:IPv4Address></c:address><c:port><c:TCPPort>42069</c:TCPPort></c:port></ipAddressAndPort>"
    "</deliveryAddress></destinationDetails></destinationResponseDetails></listOfDestinationResponseDetails>"
    "</x1ResponseMessage></X1Response>"
)
POLICY: Final = {
    "as_of": "2026-03-18T10:00:00Z",
    "clock_skew_s": 120,
    "mediation": [{"id": "mdf-1", "addr": "10.66.0.22:42069"}],
    "agencies": [
        {
            "agencyid": "POLICE",
            "hi2address": "198.51.100.1",
            "hi2port": "1",
            "hi3address": "198.51.100.2",
            "hi3port": "2",
        }
    ],
}


def write_world(folder: Path, orders: int, taps: int, elements: int, rogue: int) -> None:
    """A registry of `orders`, `taps` spread over `elements`, of which `rogue` belong to no order."""
    random_ = random.Random(7)
    names = [f"amf-{n}" for n in range(elements)]
    files = [(folder / f"x1-{name}.xml").open("w", encoding="utf-8") for name in names]
    for name, file in zip(names, files, strict=True):
        file.write(HEAD.format(ne=name))
    each = max(1, taps // orders)
    with (folder / "warrants.json").open("w", encoding="utf-8") as registry:
        registry.write('{"as_of": "2026-03-18T10:00:00Z", "warrants": [\n')
        for number in range(orders):
            imsi, msisdn = f"53001{number:010d}", f"6421{number:07d}"
            xids, where = [], []
            for copy in range(each):
                place = (number * 7 + copy) % elements
                xid = str(uuid.UUID(int=random_.getrandbits(128)))
                target = f"<imsi>{imsi}</imsi>" if copy % 2 else f"<e164Number>{msisdn}</e164Number>"
                files[place].write(TASK.format(xid=xid, target=target, did=DID))
                xids.append(xid)
                where.append(names[place])
            order = {
                "warrant_id": f"W-{number}", "liid": f"L{number}", "agency_id": "POLICE", "scope": "IRIandCC",
                "targets": [{"format": "InternationalE164", "value": msisdn}, {"format": "IMSI", "value": imsi}],
                "valid_from": "2026-02-01T00:00:00Z", "valid_to": "2026-05-01T00:00:00Z", "status": "Approved",
                "renewals": [], "mediator": "mdf-1", "xids": xids, "network_elements": where,
            }  # fmt: skip
            registry.write((",\n" if number else "") + json.dumps(order))
        registry.write("]}")
    for number in range(rogue):
        xid = str(uuid.UUID(int=random_.getrandbits(128)))
        files[number % elements].write(TASK.format(xid=xid, target=f"<imsi>53009{number:010d}</imsi>", did=DID))
    for file in files:
        file.write(TAIL)
        file.close()
    (folder / "policy.json").write_text(json.dumps(POLICY), encoding="utf-8")


def measure(orders: int, taps: int, elements: int, rogue: int = 40) -> dict[str, float]:
    """Seconds, MiB and milliseconds of one run."""
    from seawall.detect.oversight import taps as tap_family
    from seawall.detect.oversight.world import gather
    from seawall.model.clock import SystemClock
    from seawall.pipeline import oversight
    from seawall.sources.pausing import collector_paused
    from seawall.vault.passing import PassingVault

    with tempfile.TemporaryDirectory(prefix="seawall-bench-") as folder:
        write_world(Path(folder), orders, taps, elements, rogue)
        vault = PassingVault()
        begun, cpu = time.perf_counter(), time.process_time()
        with collector_paused():  # as `reconcile` does
            read = oversight.read_tables([Path(folder)], SystemClock(), vault)
            reading = time.perf_counter() - begun
            world = gather(read.tables, covers=oversight.Covering(vault))
            found = oversight.judged(world, vault)
        whole, cpu = time.perf_counter() - begun, time.process_time() - cpu
        tap = next(t for t in world.taps if t.xid)
        tap.scope = "CC"  # what changed
        again = []
        for _ in range(50):
            start = time.perf_counter()
            tap_family.judge_one(tap, world)
            again.append((time.perf_counter() - start) * 1_000)
    return {
        "orders": len(world.orders),
        "taps": len(world.taps),
        "findings": len(found),
        "seconds": round(whole, 1),
        "cpu_s": round(cpu, 1),
        "reading_s": round(reading, 1),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
        "one_tap_ms": round(max(again), 3),
    }


def main() -> None:
    """Measure and print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=10_000)
    parser.add_argument("--taps", type=int, default=30_000)
    parser.add_argument("--elements", type=int, default=50)
    told = parser.parse_args()
    sys.stdout.write(json.dumps(measure(told.orders, told.taps, told.elements)) + "\n")


if __name__ == "__main__":
    main()
