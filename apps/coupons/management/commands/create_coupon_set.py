"""Create a coupon set."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.brands.models import Brand
from apps.coupons.operations.create_coupon_set import create_coupon_set
from apps.kernel.errors import Refusal
from apps.kernel.moments import typed_moment


class Command(BaseCommand):
    help = "Create a coupon set. Fill it with generate_coupons (by its pattern) or load_coupons (from a file)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--brand", required=True, metavar="CODE")
        parser.add_argument("--code", required=True, help="what calls name the set by")
        parser.add_argument("--name", required=True, help="for people")
        parser.add_argument(
            "--pattern",
            default="",
            help="what codes look like: # a digit, @ a letter, * either, all else itself, as in TEN-********",
        )
        parser.add_argument("--expires", type=typed_moment, metavar="MOMENT", help="when its coupons expire, UTC")
        parser.add_argument("--lifetime-days", type=int, metavar="N", help="they expire so many days after allocation")
        parser.add_argument("--limit-per-card", type=int, metavar="N", help="so many for one card at most")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = create_coupon_set(
                brand=Brand.objects.get(code=options["brand"]),
                code=options["code"],
                name=options["name"],
                pattern=options["pattern"],
                expires_at=options["expires"],
                lifetime_days=options["lifetime_days"],
                limit_per_card=options["limit_per_card"],
            )
        except Brand.DoesNotExist as error:
            raise CommandError(f"There is no brand {options['brand']!r}.") from error
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"Coupon set {made.code} created.")
