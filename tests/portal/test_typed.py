"""Lists that people type."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from apps.portal.core.typed import Mistyped, typed_amounts, typed_goods, typed_pairs, typed_words


def test_goods_have_a_quantity_or_are_one() -> None:
    assert typed_goods("HAT 2 12.50\n\n  Bow Tie 0.5 3\nSOCKS 4\nNo 7 5\n") == [
        ("HAT", Decimal(2), Decimal("12.50")),
        ("Bow Tie", Decimal("0.5"), Decimal(3)),
        ("SOCKS", Decimal(1), Decimal(4)),
        ("No", Decimal(7), Decimal(5)),
    ]


def test_amounts_pairs_and_words() -> None:
    assert typed_amounts("Gift Card 5\nVISA 20.00") == [("Gift Card", Decimal(5)), ("VISA", Decimal("20.00"))]
    assert typed_pairs("door = 3\nx=a=b\nempty=") == (("door", "3"), ("x", "a=b"), ("empty", ""))
    assert typed_words(" SAVE \n\nGIFT") == ("SAVE", "GIFT")


@pytest.mark.parametrize(
    ("read", "text", "words"),
    [
        (typed_goods, "HAT 1 5\nHAT", "Line 2: write the SKU"),
        (typed_goods, "HAT NaN", "Line 1: NaN is no amount"),
        (typed_goods, "HAT 1,5", "Line 1: 1,5 is no amount"),
        (typed_goods, f"HAT {'9' * 31}", "is no amount"),
        (typed_amounts, "20.00", "Line 1: write a name"),
        (typed_pairs, "= 3", "Line 1: write a key"),
        (typed_words, "x\n" * 201, "At most 200 lines"),
    ],
)
def test_a_mistake_is_told_with_its_line(read: Callable[[str], Any], text: str, words: str) -> None:
    with pytest.raises(Mistyped, match=words):
        read(text)
