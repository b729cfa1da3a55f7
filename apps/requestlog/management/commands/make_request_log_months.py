"""Make months of the request log by hand, for instance after the daily task said that it left some to DEFAULT."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand

from apps.requestlog.operations.make_month_partitions import LARGEST_MOVE, make_month_partitions


class Command(BaseCommand):
    help = "Make the partitions of this month and the next three."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--however-large", action="store_true", help="also if calls have to wait while many rows are moved"
        )

    def handle(self, *args: Any, however_large: bool, **options: Any) -> None:
        done = make_month_partitions(now=datetime.now(UTC), largest_move=None if however_large else LARGEST_MOVE)
        for month in done.made:
            self.stdout.write(f"{month} made")
        for month in done.left:
            self.stdout.write(f"{month} left to the default partition, which holds too many rows: --however-large")
        self.stdout.write(f"{len(done.made)} months made, {done.moved:,} rows moved into them")
