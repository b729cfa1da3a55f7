"""Invented customers. Mail goes to example.com, phone numbers are those kept for fiction."""

from random import Random
from typing import Any

_FIRST = (
    "Amara Benno Carla Dmitri Elif Farid Greta Hamza Imogen Jonas Kaya Leif Mina Noah Odile Pavel Quinn Rosa Silas"
    " Talia Umar Vera Wren Xenia Yusuf Zora Anton Bea Cyrus Dora Emil Freya Gael Hana Ivo June Kofi Lotte Milan Nell"
)
_LAST = (
    "Abbott Bergman Castillo Delgado Eriksen Fontaine Greer Hadley Ibarra Jansen Kimura Larkin Moreau Novak Okafor"
    " Petrov Quigley Rowe Santos Thorne Ueda Vance Whitlock Xu Yates Zeller Ashby Boateng Corrigan Dunne Egan Farrow"
)
_CITIES = (
    ("Seattle", "WA", "98101", "206"),
    ("Tacoma", "WA", "98402", "253"),
    ("Portland", "OR", "97205", "503"),
    ("Bellingham", "WA", "98225", "360"),
    ("Eugene", "OR", "97401", "541"),
)
_STREETS = ("Alder Street", "Cedar Avenue", "Dock Road", "Fern Lane", "Harbor View", "Juniper Way", "Mill Street")


def invented_customer(*, rng: Random, number: int) -> dict[str, Any]:
    """A customer as updateAccount takes one; `number` makes the e-mail address unique."""
    first, last = rng.choice(_FIRST.split()), rng.choice(_LAST.split())
    city, state, postal, area = rng.choice(_CITIES)
    customer: dict[str, Any] = {
        "firstName": first,
        "lastName": last,
        "email": f"{first}.{last}.{number}@example.com".lower(),
        "mobilePhone": f"+1{area}55501{rng.randrange(100):02}",
        "birthday": f"{rng.randrange(1948, 2005)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}",
        "country": "US",
    }
    if rng.random() < 0.6:
        customer |= {"address1": f"{rng.randrange(1, 990)} {rng.choice(_STREETS)}", "city": city}
        customer |= {"state": state, "postal": postal}
    if rng.random() < 0.7:
        customer["gender"] = rng.choice(("F", "M"))
    return customer
