"""What the kernel says about processes: families, processor time, memory. Linux only."""

import os
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Process:
    """One process. `seconds` is its processor time and that of its children that have ended."""

    pid: int
    parent: int
    seconds: float


def family(pid: int) -> list[Process]:
    """A process and everything below it."""
    everyone = [process for entry in Path("/proc").iterdir() if entry.name.isdigit() and (process := _read(entry))]
    found = [process for process in everyone if process.pid == pid]
    for member in found:
        found += [process for process in everyone if process.parent == member.pid]
    return found


def processor_seconds(*pids: int) -> float:
    """Processor time of whole families, those members included that have ended."""
    return sum(process.seconds for pid in pids for process in family(pid))


def pss(pid: int) -> float:
    """Megabytes of a process; what it shares with others counts in parts."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def command(pid: int) -> str:
    """What a process runs."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()


def _read(entry: Path) -> Process | None:
    try:
        fields = (entry / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return Process(int(entry.name), int(fields[1]), sum(map(int, fields[11:15])) / _TICKS)
