"""Check that everything stored about value fits together. Ends with 0 when it does, with 1 when it does not."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.brands.models import Brand
from apps.ledger.core.checks import Finding
from apps.lookups.queries.verify_ledger import ALL_CHECKS, CHUNK, SHOWN, Progress, verify


class Command(BaseCommand):
    help = "Check that every balance is what its entries say, and all else about value; exit code 1 if not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--brand", metavar="CODE", help="only this brand")
        parser.add_argument("--chunk", type=int, default=CHUNK, help="wallets per snapshot (default: %(default)s)")

    def handle(self, *args: Any, brand: str | None, chunk: int, **options: Any) -> None:
        if chunk < 1:
            raise CommandError("A chunk has at least one wallet.")
        findings = verify(brand_id=_brand_id(brand), chunk=chunk, progress=self._report)
        for finding in findings:
            self._show(finding)
        if findings:
            self.stdout.write(self.style.ERROR(f"{len(findings)} checks failed."))
            sys.exit(1)
        self.stdout.write(self.style.SUCCESS(f"All {len(ALL_CHECKS)} checks passed."))

    def _report(self, progress: Progress) -> None:
        state = "done" if progress.is_done else "..."
        self.stdout.write(f"{progress.brand}: {progress.wallets:,} wallets {state}")
        self.stdout.flush()

    def _show(self, finding: Finding) -> None:
        self.stdout.write(self.style.ERROR(f"FAILED {finding.check.name} ({finding.brand}, {finding.count:,} rows)"))
        for wallet_id, row, seen in finding.offenders:
            self.stdout.write(f"    wallet {'-' if wallet_id is None else wallet_id}, {row}: {seen}")
        if finding.count > SHOWN:
            self.stdout.write(f"    and {finding.count - SHOWN:,} more")
        self.stdout.write(f"    {finding.check.remedy}")


def _brand_id(code: str | None) -> int | None:
    if code is None:
        return None
    found = Brand.objects.filter(code=code).values_list("id", flat=True).first()
    if found is None:
        raise CommandError(f"There is no brand {code}.")
    return int(found)
