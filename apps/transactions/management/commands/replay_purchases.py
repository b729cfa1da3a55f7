"""Play a purchase log through the JSON API over HTTP, as a till would."""

import json
import os
import sys
import threading
import time
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.kernel.stopping import stopped_by_signals
from apps.transactions.replay.compare import Comparison, compare_with_log
from apps.transactions.replay.customer import Hopeless
from apps.transactions.replay.pace import Pace, Stopped
from apps.transactions.replay.purchases import PurchaseLog, UnreadableLog, read_purchases
from apps.transactions.replay.run import Settings, replay
from apps.transactions.replay.tally import Tally
from apps.transactions.replay.till import Address, HttpTill, OutOfReach, Patience, Refused

SECRET = "CLUTCH_API_SECRET"  # noqa: S105 (the name of a variable)
INTERRUPTED = 130


class Command(BaseCommand):
    help = (
        "Play a purchase log (CDNOW's columns, or CSV with customer, date, amount) through /merchant: search customers"
        " by custom card number, allocate and enrol new ones, one checkout per purchase with its date. Can be stopped"
        " and started again at any time: what was played is not played twice. Address and key come from var/demo.json"
        f" unless given; the secret that belongs to --api-key comes from the environment, {SECRET}."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("log", type=Path, metavar="FILE")
        parser.add_argument("--rate", type=float, required=True, metavar="N", help="calls per second; 0: no limit")
        parser.add_argument("--concurrency", type=int, default=4, metavar="N", help="customers served side by side")
        parser.add_argument("--demo", type=Path, default=settings.VAR_DIR / "demo.json", metavar="FILE")
        for name in ("base-url", "brand", "location", "terminal", "api-key"):
            parser.add_argument(f"--{name}", help="unless as in the demo file")
        parser.add_argument("--card-set", default="loyalty", help="program in the demo file, or a card set's id")
        parser.add_argument("--log-name", metavar="NAME", help="what names the log; its content unless given")
        parser.add_argument("--first-wait", type=float, default=2.0, metavar="SECONDS", help="before the second try")
        parser.add_argument("--tries", type=int, default=8, metavar="N", help="of one call")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            log = read_purchases(options["log"])
        except (OSError, UnreadableLog) as problem:
            raise CommandError(f"{options['log']}: {problem}") from problem
        wanted = _settings(log, options)
        tally, stop, began = Tally(), threading.Event(), time.monotonic()
        trouble = ""
        with stopped_by_signals(stop):
            try:
                replay(log=log, settings=wanted, stop=stop, tally=tally, progress=self._reporter(log, tally, began))
            except (Hopeless, OutOfReach) as problem:
                trouble = str(problem)
            seconds = time.monotonic() - began
        self._figures(log, tally, seconds)
        agrees = self._compare(wanted, tally)
        complete = tally.recorded + tally.recorded_before == len(log.purchases)
        if trouble:
            self.stdout.write(self.style.ERROR(f"Given up: {trouble}"))
        if not complete:
            self.stdout.write("Not complete. The same command goes on where this one ended.")
        if stop.is_set() and not trouble:
            sys.exit(INTERRUPTED)
        if not (complete and agrees):
            sys.exit(1)

    def _reporter(self, log: PurchaseLog, tally: Tally, began: float) -> Any:
        """On a terminal one line that counts; elsewhere a line for each tenth."""
        is_terminal, tenth = self.stdout.isatty(), 0

        def report() -> None:
            nonlocal tenth
            done = tally.recorded + tally.recorded_before
            rate = tally.calls / max(time.monotonic() - began, 0.001)
            line = f"{done:,} of {len(log.purchases):,} purchases, {tally.calls:,} calls, {rate:,.0f} calls/s"
            if is_terminal:
                self.stdout.write(f"\r{line}  ", ending="\n" if done == len(log.purchases) else "")
            elif done * 10 // len(log.purchases) > tenth:
                tenth = done * 10 // len(log.purchases)
                self.stdout.write(line)
            self.stdout.flush()

        return report

    def _figures(self, log: PurchaseLog, tally: Tally, seconds: float) -> None:
        cards, checkouts = tally.cards_new + tally.cards_known, tally.recorded + tally.recorded_before
        lines = [f"calls      {tally.calls:,} in {seconds:,.1f} s: {tally.calls / max(seconds, 0.001):,.1f} calls/s"]
        lines += [
            f"           {each.method:14} {each.calls:8,}  p50 {each.median:.1f} ms  p99 {each.p99:.1f} ms"
            for each in tally.methods()
        ]
        again = ", ".join(f"{reason}: {count:,}" for reason, count in sorted(tally.retried.items()))
        lines += [
            f"retries    {sum(tally.retried.values()):,}" + (f" ({again})" if again else ""),
            f"refused    {tally.refused:,}",
            f"cards      {cards:,} ({tally.cards_new:,} new, {tally.cards_known:,} known)",
            f"checkouts  {checkouts:,} of {len(log.purchases):,}"
            f" ({tally.recorded:,} now, {tally.recorded_before:,} by earlier runs)",
            f"sum        {tally.amount:,.2f}",
        ]
        self.stdout.write("\n".join([*lines, *(f"           {said}" for said in tally.refusals)]))

    def _compare(self, wanted: Settings, tally: Tally) -> bool:
        """Say whether the request log knows the same calls."""
        pace = Pace(rate=0, stop=threading.Event())
        with HttpTill(address=wanted.address, run_id="", pace=pace, patience=wanted.patience, tally=Tally()) as till:
            try:
                seen = compare_with_log(till=till, run_id=wanted.run_id, tally=tally)
            except (Refused, OutOfReach, Stopped) as problem:
                self.stdout.write(self.style.ERROR(f"log        could not be asked: {problem}"))
                return False
        self.stdout.write(_said(seen, wanted.run_id))
        return seen.agrees


def _said(seen: Comparison, run_id: str) -> str:
    verdict = "agrees" if seen.agrees else "DOES NOT AGREE"
    line = f"log        {verdict}: {seen.logged:,} calls have externalTransactionId {run_id}"
    if seen.unlogged or seen.lost or seen.unseen:
        line += (
            f"; {seen.unlogged:,} answers not logged, {seen.lost:,} calls unanswered, {seen.unseen:,} of them logged"
        )
    return line


def _settings(log: PurchaseLog, options: dict[str, Any]) -> Settings:
    if options["rate"] < 0 or options["concurrency"] < 1 or options["tries"] < 1 or options["first_wait"] < 0:
        raise CommandError("--rate and --first-wait are at least 0, --concurrency and --tries at least 1.")
    name = options["log_name"] or log.digest
    demo = _demo(options["demo"])
    started = datetime.now(UTC)
    return Settings(
        address=_address(demo, options),
        card_set=demo.get("cardSets", {}).get(options["card_set"], options["card_set"]),
        log_name=name,
        run_id=f"replay-{name[:16]}-{started:%Y%m%dT%H%M%S}-{os.getpid()}",
        rate=options["rate"],
        concurrency=options["concurrency"],
        patience=Patience(options["tries"], options["first_wait"]),
    )


def _demo(file: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(file.read_text()))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as problem:
        raise CommandError(f"{file}: {problem}") from problem


def _address(demo: dict[str, Any], options: dict[str, Any]) -> Address:
    facts: dict[str, Any] = {
        "base_url": options["base_url"] or demo.get("baseUrl"),
        "brand": options["brand"] or demo.get("brand"),
        "location": options["location"] or demo.get("location"),
        "terminal": options["terminal"] or demo.get("terminal"),
        "key": options["api_key"] or demo.get("apiKey"),
        "secret": os.environ.get(SECRET) if options["api_key"] else demo.get("apiSecret"),
    }
    if missing := [name for name, value in facts.items() if not value]:
        raise CommandError(f"Neither given nor in {options['demo']}: {', '.join(missing)}. Is the demo brand made?")
    return Address(**facts)
