"""Flow records as collectors write them out: nfdump (CSV, old and new), Argus, SiLK, GoFlow2, AWS VPC flow logs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from seawall.drills.acts import Act

_NUMBERS: Final = {"tcp": 6, "udp": 17, "icmp": 1, "gre": 47}


def _common(act: Act) -> dict[str, str]:
    d = act.detail
    seconds = float(d.get("duration", "0.412"))
    end = act.time + timedelta(seconds=seconds)
    return {
        "start": f"{act.time:%Y-%m-%d %H:%M:%S}.{act.time.microsecond // 1000:03d}",
        "end": f"{end:%Y-%m-%d %H:%M:%S}.{end.microsecond // 1000:03d}",
        "start_s": str(int(act.time.timestamp())), "end_s": str(int(end.timestamp())),
        "start_ns": str(int(act.time.timestamp() * 1e6) * 1000), "end_ns": str(int(end.timestamp() * 1e6) * 1000),
        "duration": f"{seconds:.3f}", "src": act.source, "sport": d.get("sport", "40000"), "dst": d["to"],
        "dport": d["port"], "proto": d.get("proto", "tcp"), "number": str(_NUMBERS.get(d.get("proto", "tcp"), 0)),
        "pkts": d.get("pkts", "9"), "bytes": d.get("sent", "600"), "back": d.get("got", "1800"),
        "in": d.get("in", "12"), "out": d.get("out", "34"),
    }  # fmt: skip


_NFDUMP_OLD: Final = "ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt,in,out,sas,das,nh,ra"
_NFDUMP_NEW: Final = "firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,flows"
_ARGUS: Final = "StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,sTos,dTos,TotPkts,TotBytes,SrcBytes,Label"
_SILK: Final = "sIP|dIP|sPort|dPort|pro|packets|bytes|flags|sTime|duration|eTime|sen|in|out|"
_VPC: Final = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status"
)
HEADERS: Final[Mapping[str, str]] = {
    "nfdump-old": _NFDUMP_OLD, "nfdump": _NFDUMP_NEW, "argus": _ARGUS, "silk": _SILK, "vpc": _VPC, "goflow2": "",
}  # fmt: skip


def _nfdump_old(f: Mapping[str, str]) -> str:
    return (
        f"{f['start']},{f['end']},{f['duration']},{f['src']},{f['dst']},{f['sport']},{f['dport']},{f['proto'].upper()},"
        f"...AP.SF,0,0,{f['pkts']},{f['bytes']},0,0,{f['in']},{f['out']},64500,64501,0.0.0.0,192.0.2.254"
    )


def _nfdump(f: Mapping[str, str]) -> str:
    cells = (f["start"], f["duration"], f["proto"].upper(), f["src"], f["sport"], f["dst"], f["dport"], f["pkts"])
    return ",".join((*cells, f["bytes"], "1"))


def _argus(f: Mapping[str, str]) -> str:
    total = str(int(f["bytes"]) + int(f["back"]))
    start = f["start"].replace("-", "/") + "000"
    cells = (start, f["duration"], f["proto"], f["src"], f["sport"], "  <->", f["dst"], f["dport"], "CON", "0", "0")
    return ",".join((*cells, f["pkts"], total, f["bytes"], "flow=Drill"))


def _silk(f: Mapping[str, str]) -> str:
    start, end = (f[name].replace("-", "/").replace(" ", "T") for name in ("start", "end"))
    cells = (f["src"], f["dst"], f["sport"], f["dport"], f["number"], f["pkts"], f["bytes"], "FS PA", start)
    return "|".join((*(cell.rjust(15) for cell in cells), f["duration"], end, "S0", f["in"], f["out"], ""))


def _vpc(f: Mapping[str, str]) -> str:
    ends = f"{f['src']} {f['dst']} {f['sport']} {f['dport']} {f['number']} {f['pkts']} {f['bytes']}"
    return f"2 123456789010 eni-0a1b2c3d4e5f60718 {ends} {f['start_s']} {f['end_s']} ACCEPT OK"


def _goflow2(f: Mapping[str, str]) -> str:
    return json.dumps(
        {
            "type": "NETFLOW_V9", "time_received_ns": int(f["end_ns"]), "sampling_rate": 100,
            "sampler_address": "192.0.2.254", "time_flow_start_ns": int(f["start_ns"]),
            "time_flow_end_ns": int(f["end_ns"]), "bytes": int(f["bytes"]), "packets": int(f["pkts"]),
            "src_addr": f["src"], "dst_addr": f["dst"], "src_port": int(f["sport"]), "dst_port": int(f["dport"]),
            "proto": f["proto"].upper(), "in_if": int(f["in"]), "out_if": int(f["out"]), "tcp_flags": 27,
        }
    )  # fmt: skip


_WRITERS: Final[Mapping[str, Callable[[Mapping[str, str]], str]]] = {
    "nfdump-old": _nfdump_old, "nfdump": _nfdump, "argus": _argus, "silk": _silk, "vpc": _vpc, "goflow2": _goflow2,
}  # fmt: skip


def write(act: Act, form: str) -> str:
    """The record a `flow` act leaves in a collector's form, a key of `HEADERS`.

    `act.source` is the client. `detail`: to, port, and optionally sport, proto, duration (s), sent, got (octets),
    pkts, in, out (interfaces).
    """
    return _WRITERS[form](_common(act))
