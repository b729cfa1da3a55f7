"""The whole product as `make run` starts it: seconds until it answers, and its memory.

It runs from a copy of the checkout in a temporary folder, so that the data of this one stay out of it. Memory is PSS:
what processes share counts once. It is taken after 200 calls and some idle seconds.
"""

import base64
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.result import Result
from bench.stage import Stage
from bench.system import command, family, pss
from bench.web import ROOT, free_port

CALLS, IDLE_SECONDS, LONGEST_START = 200, 5, 300
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache", ".hypothesis", "tests")


def measure(stage: Stage) -> Iterator[Result]:
    """Start it twice, make calls, look at its processes."""
    checkout = stage.servers.folder / "checkout"
    shutil.copytree(ROOT, checkout, ignore=LEFT_OUT, symlinks=True)
    checkout.chmod(0o755)
    with _running(checkout) as (_, _, seconds):
        pass
    yield Result("first start of the product, seconds to /healthz", seconds, 60, " s", at_most=True)
    with _running(checkout) as (pid, port, seconds):
        yield Result("second start", seconds, 10, " s", at_most=True)
        _make_calls(port, json.loads((checkout / "var" / "demo.json").read_text()))
        time.sleep(IDLE_SECONDS)
        yield from _memory(pid)


def _memory(pid: int) -> Iterator[Result]:
    sizes = [(pss(process.pid), command(process.pid)) for process in family(pid)]
    workers = [size for size, name in sizes if "multiprocessing.spawn" in name or "granian" in name]
    shown = [f"{size:.0f} MB {name[:70]}" for size, name in sorted(sizes, reverse=True) if size >= 10]
    yield Result("largest web worker", max(workers), 160, " MB", at_most=True)
    yield Result("idle product", sum(size for size, _ in sizes), 700, " MB", at_most=True, detail="\n    ".join(shown))


@contextlib.contextmanager
def _running(checkout: Path) -> Iterator[tuple[int, int, float]]:
    """The product's process, its port, and the seconds until it answered."""
    port, begin = free_port(), time.monotonic()
    ours = {
        "DATABASE_URL",
        "REDIS_URL",
        "CELERY_BROKER_URL",
        "DJANGO_SECRET_KEY",
        "API_PEPPER",
        "PIN_KEYS",
        "MAKELEVEL",
    }
    environment = {name: value for name, value in os.environ.items() if name not in ours} | {"PORT": str(port)}
    log = (checkout / "run.log").open("ab")
    process = subprocess.Popen(
        [sys.executable, "-m", "clutch_portal.run"], cwd=checkout, env=environment, stdout=log, stderr=log
    )
    try:
        while not _answers(port):
            if process.poll() is not None or time.monotonic() - begin > LONGEST_START:
                raise RuntimeError(f"the product does not start:\n{(checkout / 'run.log').read_text()[-3000:]}")
            time.sleep(0.05)
        yield process.pid, port, time.monotonic() - begin
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        log.close()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _make_calls(port: int, demo: dict[str, Any]) -> None:
    allocated = _call(port, demo, "allocate", {"cardSetId": demo["cardSets"]["gift"]})
    amount = {"amount": 1, "balanceType": "Currency", "balanceCode": "USD"}
    for _ in range(CALLS):
        _call(port, demo, "updateBalance", {"cardNumber": allocated["cardNumber"], "action": "issue", "amount": amount})


def _call(port: int, demo: dict[str, Any], method: str, body: dict[str, Any]) -> dict[str, Any]:
    credentials = base64.b64encode(f"{demo['apiKey']}:{demo['apiSecret']}".encode()).decode()
    headers = {name: demo[name] for name in ("brand", "location", "terminal")}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/merchant/{method}",
        data=json.dumps(body).encode(),
        headers=headers | {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return dict(json.loads(answer.read()))
