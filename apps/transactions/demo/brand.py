"""The demo brand: its configuration out of a brand file, and what no such file has: people, coupons, rates."""

from datetime import datetime, timedelta
from decimal import Decimal
from importlib.resources import files

from django.db import transaction

from apps.brands.models import Brand, Location
from apps.brands.operations.create_employee import create_employee
from apps.coupons.models import CouponSet
from apps.coupons.operations.generate_coupons import generate_coupons
from apps.programs.operations.add_exchange_rate import add_exchange_rate
from apps.transactions.brand_file.import_brand import compare, import_brand, read_file
from apps.transactions.demo.places import PLACES

COUPONS = 900
RATES = {"EUR": "1.0834", "GBP": "1.2650", "CAD": "0.7310"}


def demo_file() -> str:
    """The brand file: places, programs, goods, campaigns. Two products are missing from it on purpose: they are what
    the list of unknown SKUs is for."""
    return (files("apps.transactions.demo") / "brand.yaml").read_text(encoding="utf-8")


def demo_brand(*, code: str, now: datetime) -> tuple[Brand, bool]:
    """The demo brand, and whether it had to be made. All of it is there or nothing."""
    found = Brand.objects.filter(code=code).first()
    return (found, False) if found else (_make(code, now), True)


@transaction.atomic
def _make(code: str, now: datetime) -> Brand:
    reading = read_file(demo_file(), code=code)
    import_brand(reading, shown=compare(reading), now=now)
    brand = Brand.objects.get(code=code)
    locations = {row.code: row for row in Location.objects.filter(brand=brand)}
    for place in PLACES:
        for employee, name in place.employees.items():
            create_employee(brand=brand, location=locations[place.code], code=employee, name=name)
    welcome = CouponSet.objects.get(brand=brand, code="welcome")
    generate_coupons(coupon_set=welcome, count=COUPONS, tags=["WELCOME"])
    for currency, dollars in RATES.items():
        add_exchange_rate(
            brand=brand,
            base=currency,
            quote=brand.currency,
            rate=Decimal(dollars),
            valid_from=now - timedelta(days=365),
            source="demo",
        )
    return brand
