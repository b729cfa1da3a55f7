"""Make coupons of a set."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.brands.models import Brand
from apps.coupons.models import CouponSet
from apps.coupons.operations.generate_coupons import generate_coupons
from apps.kernel.errors import Refusal


class Command(BaseCommand):
    help = "Make coupons with unguessable codes by the pattern of their set. Another run adds others."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--brand", required=True, metavar="CODE")
        parser.add_argument("--coupon-set", required=True, metavar="CODE")
        parser.add_argument("--count", required=True, type=int)
        parser.add_argument("--tag", action="append", default=[], dest="tags", help="a tag of all of them; repeatable")

    def handle(self, *args: Any, **options: Any) -> None:
        count, began = options["count"], time.monotonic()

        def report(made: int) -> None:
            self.stdout.write(f"{made:,} of {count:,} coupons, {time.monotonic() - began:.1f} s")
            self.stdout.flush()

        try:
            brand = Brand.objects.get(code=options["brand"])
            coupon_set = CouponSet.objects.get(brand=brand, code=options["coupon_set"])
            generate_coupons(coupon_set=coupon_set, count=count, tags=options["tags"], progress=report)
        except (Brand.DoesNotExist, CouponSet.DoesNotExist) as error:
            raise CommandError(f"Unknown: {error}") from error
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
