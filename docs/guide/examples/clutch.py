"""A small client of the JSON API."""

import os
from decimal import Decimal

import requests

session = requests.Session()
session.auth = (os.environ["CLUTCH_KEY"], os.environ["CLUTCH_SECRET"])
session.headers.update(
    {
        "Brand": os.environ["CLUTCH_BRAND"],
        "Location": os.environ["CLUTCH_LOCATION"],
        "Terminal": os.environ["CLUTCH_TERMINAL"],
    }
)


def call(method, body, **headers):
    """Call a method; returns its answer. Amounts are read as Decimal."""
    url = f"{os.environ['CLUTCH_URL']}/merchant/{method}"
    return session.post(url, json=body, headers=headers, timeout=30).json(parse_float=Decimal)


def new_card(card_set="gift-cards"):
    """Activate a card of a set; returns its number."""
    return call("allocate", {"cardSetId": card_set})["cardNumber"]
