"""Patterns of codes."""

import pytest

from apps.coupons.core.patterns import TooGuessable, check_pattern, code_of, possible
from apps.kernel.errors import InvalidInput

LOOK_ALIKES = set("ILOU")


def test_everything_but_the_signs_stands_for_itself() -> None:
    assert code_of("TEN-######", 204_817) == "TEN-204817"
    assert code_of("#-#", 7) == "0-7"
    assert possible("TEN-######") == 10**6


@pytest.mark.parametrize(("pattern", "codes"), [("##", 100), ("@", 22), ("*", 30), ("A#@*", 6_600), ("plain", 1)])
def test_different_numbers_make_different_codes(pattern: str, codes: int) -> None:
    made = {code_of(pattern, drawn) for drawn in range(possible(pattern))}
    assert possible(pattern) == len(made) == codes


def test_no_letter_looks_like_another_or_like_a_digit() -> None:
    signs = {code_of("@", drawn) for drawn in range(22)} | {code_of("*", drawn) for drawn in range(30)}
    assert not signs & LOOK_ALIKES
    assert not {code_of("*", drawn) for drawn in range(30)} & {"0", "1"}


@pytest.mark.parametrize(("pattern", "count"), [("TEN-###", 1), ("TEN-######", 1_000), ("********", 656_100_000)])
def test_a_thousand_codes_for_each_coupon_are_enough(pattern: str, count: int) -> None:
    check_pattern(pattern, count=count)
    with pytest.raises(TooGuessable):
        check_pattern(pattern, count=count + 1)


@pytest.mark.parametrize("pattern", ["", " ######", "ä######", "#" * 65, "no-signs", "##"])
def test_what_makes_no_codes_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidInput):
        check_pattern(pattern)
