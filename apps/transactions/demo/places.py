"""Where the demo brand sells, what it sells, and how it is paid: how often what is chosen, which no brand file says."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Place:
    """A location with its terminals, its employees (code to name), and how busy it is beside the others."""

    code: str
    name: str
    terminals: tuple[str, ...]
    employees: Mapping[str, str]
    weight: int


TIMEZONE = "America/Los_Angeles"
CARD_SETS: Mapping[str, str] = {"gift": "gift-cards", "loyalty": "loyalty-cards"}
"""Codes of the card sets, by program."""
CARDS_AND_CASH = ("Visa", "MasterCard", "DebitCard", "AmericanExpress", "Cash")

GROUPS: Mapping[str, tuple[str, tuple[Place, ...]]] = {
    "waterfront": (
        "Waterfront",
        (
            Place("pier-4", "Pier 4", ("till-1", "till-2", "till-3"), {"101": "Nora Quist", "102": "Dale Ortega"}, 9),
            Place("ferry-hall", "Ferry Hall", ("till-1", "till-2"), {"111": "Priya Nair", "112": "Tom Adeyemi"}, 7),
            Place("boat-sheds", "Boat Sheds", ("till-1",), {"121": "Lena Brandt"}, 3),
        ),
    ),
    "old-town": (
        "Old Town",
        (
            Place("mill-street", "Mill Street", ("till-1", "till-2"), {"201": "Hugo Park", "202": "Ada Lind"}, 8),
            Place("station", "Station Arcade", ("till-1", "till-2"), {"211": "Sam Reyes"}, 6),
            Place("market", "Market Square", ("till-1", "till-2"), {"221": "Ines Calder", "222": "Jon Osei"}, 5),
        ),
    ),
    "online": (
        "Online",
        (
            Place("web-shop", "Web shop", ("web", "app"), {"900": "Web shop"}, 4),
            Place("catering", "Catering desk", ("phone",), {"301": "Mara Stone"}, 1),
        ),
    ),
}
PLACES = tuple(place for _, places in GROUPS.values() for place in places)


@dataclass(frozen=True, slots=True)
class Product:
    """Something on the shelf: price and cost of one in US dollars, and how often it is bought."""

    sku: str
    price: Decimal
    cost: Decimal
    weight: int


def _product(sku: str, price: str, cost: str, weight: int) -> Product:
    return Product(sku, Decimal(price), Decimal(cost), weight)


COFFEE, PASTRY = "COFFEE-", "PASTRY-"
COFFEE_PRICE = Decimal("3.25")
"""What a free coffee is worth at the till: the cheapest one."""
PRODUCTS = (
    _product("COFFEE-FILTER", "3.25", "0.61", 20),
    _product("COFFEE-LATTE", "4.75", "1.12", 24),
    _product("COFFEE-FLATWHITE", "4.50", "1.05", 16),
    _product("TEA-JUNIPER", "3.75", "0.48", 8),
    _product("BREAD-RYE-LOAF", "7.50", "2.35", 14),
    _product("BREAD-COUNTRY", "8.25", "2.60", 9),
    _product("BREAD-SEEDED", "8.95", "2.94", 7),
    _product("PASTRY-CROISSANT", "4.10", "1.08", 18),
    _product("PASTRY-CARDAMOM", "4.60", "1.21", 12),
    _product("PASTRY-RHUBARB", "5.20", "1.44", 6),
    _product("LUNCH-SMORREBROD", "11.90", "4.15", 10),
    _product("LUNCH-SOUP", "9.40", "2.80", 9),
    _product("LUNCH-SALAD", "12.75", "4.60", 6),
    _product("CAKE-HONEY-SLICE", "6.30", "1.75", 7),
    _product("CAKE-WHOLE", "46.00", "14.20", 1),
    _product("JAM-LINGONBERRY", "9.80", "3.90", 3),
    _product("BEANS-250G", "16.50", "7.10", 4),
    _product("GRANOLA-500G", "12.25", "4.85", 3),
    _product("MUG-STONEWARE", "24.00", "9.50", 1),
    _product("HAMPER-BREAKFAST", "68.00", "31.40", 1),
)
