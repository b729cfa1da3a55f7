"""What the demo brand has beside its cards: products, coupons, lists, a field and a kind of event of its own, rates.

Two of its products are missing from the catalog on purpose: they are what the list of unknown SKUs is for.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import NAMESPACE_DNS, uuid5

from apps.brands.models import Brand
from apps.catalog.operations.create_category import create_category
from apps.catalog.operations.save_product import ProductFields, save_product
from apps.coupons.operations.create_coupon_set import create_coupon_set
from apps.coupons.operations.generate_coupons import generate_coupons
from apps.customers.models import EventType
from apps.customers.operations.create_demographic_field import create_demographic_field
from apps.customers.operations.create_subscription_list import create_subscription_list
from apps.programs.operations.add_exchange_rate import add_exchange_rate
from apps.transactions.demo.places import PRODUCTS

CATEGORIES = {
    "COFFEE": "Coffee",
    "TEA": "Tea",
    "BREAD": "Bread",
    "PASTRY": "Pastry",
    "LUNCH": "Lunch",
    "CAKE": "Cake",
    "JAM": "Pantry",
    "BEANS": "Pantry",
    "GRANOLA": "Pantry",
}
"""Categories by how a SKU begins; what is left has no product yet."""
COUPONS = 300
RATES = {"EUR": "1.0834", "GBP": "1.2650", "CAD": "0.7310"}
LISTS = (("email", "Breakfast letter"), ("email", "New on the shelf"), ("phone", "Last loaves"))


def furnish(brand: Brand, now: datetime) -> None:
    """Make all of it, in the caller's transaction. Rates are valid from a year before `now`."""
    _products(brand)
    welcome = create_coupon_set(
        brand=brand, code="welcome", name="Welcome", pattern="RYE-******", lifetime_days=60, limit_per_card=1
    )
    generate_coupons(coupon_set=welcome, count=COUPONS, tags=["WELCOME"])
    for channel, name in LISTS:
        create_subscription_list(
            brand=brand, uuid=uuid5(NAMESPACE_DNS, f"{brand.code}.{name}"), channel=channel, name=name
        )
    create_demographic_field(
        brand=brand, code="favourite", name="Favourite", data_type="string", choices=["bread", "cake", "coffee"]
    )
    EventType.objects.create(
        brand=brand,
        category_id="tasting",
        name="Came to a tasting",
        group_type="IN STORE",
        created_at=now,
        modified_at=now,
    )
    for currency, dollars in RATES.items():
        add_exchange_rate(
            brand=brand,
            base=currency,
            quote=brand.currency,
            rate=Decimal(dollars),
            valid_from=now - timedelta(days=365),
            source="demo",
        )


def _products(brand: Brand) -> None:
    for name in dict.fromkeys(CATEGORIES.values()):
        create_category(brand=brand, code=name.lower(), name=name)
    for product in PRODUCTS:
        category = CATEGORIES.get(product.sku.partition("-")[0])
        if category is not None:
            name = product.sku.replace("-", " ").capitalize()
            fields = ProductFields(name=name, category_code=category.lower(), price=product.price, cost=product.cost)
            save_product(brand=brand, sku=product.sku, fields=fields)
