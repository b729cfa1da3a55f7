"""Sets and their coupons: created, generated, loaded, extended."""

import time
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.brands.operations.insert_row import AlreadyExists
from apps.coupons.core import patterns
from apps.coupons.core.patterns import TooGuessable, code_of
from apps.coupons.core.states import CouponState
from apps.coupons.models import Coupon, CouponSet
from apps.coupons.operations import generate_coupons as module
from apps.coupons.operations.generate_coupons import generate_coupons
from apps.coupons.operations.load_coupons import load_coupons
from apps.kernel.errors import InvalidInput
from tests.coupons.booklet import booklet, coupon
from tests.shop import Shop

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PATTERN = "TEN-********"


def codes(shop: Shop) -> set[str]:
    return set(Coupon.objects.filter(brand=shop.brand).values_list("code", flat=True))


def command(shop: Shop, name: str, *args: str, **more: Any) -> str:
    output = StringIO()
    call_command(name, *args, brand=shop.brand.code, stdout=output, stderr=output, **more)
    return output.getvalue()


# --- create_coupon_set -----------------------------------------------------------------------------------------------


def test_a_set_is_created_with_its_terms(acme: Shop) -> None:
    options = {"code": "summer", "pattern": PATTERN, "lifetime_days": 30, "limit_per_card": 2}
    assert "summer created" in command(acme, "create_coupon_set", "--name=Summer", **options)
    made = CouponSet.objects.get(brand=acme.brand)
    assert (made.pattern, made.lifetime_days, made.limit_per_card, made.expires_at) == (PATTERN, 30, 2, None)


def test_a_set_can_expire_at_a_moment(acme: Shop) -> None:
    command(acme, "create_coupon_set", "--name=Summer", "--code=summer", "--expires=2027-06-30T22:00")
    assert CouponSet.objects.get(brand=acme.brand).expires_at == datetime(2027, 6, 30, 22, tzinfo=UTC)


def test_a_code_is_unique_in_the_brand(acme: Shop, charlie: Shop) -> None:
    booklet(acme)
    booklet(charlie)
    with pytest.raises(AlreadyExists):
        booklet(acme)


@pytest.mark.parametrize("wrong", [{"pattern": "TEN"}, {"pattern": "##"}, {"lifetime_days": 0}, {"code": " x"}])
def test_what_cannot_be_a_set_is_refused_by_name(acme: Shop, wrong: dict[str, Any]) -> None:
    with pytest.raises(CommandError):
        command(acme, "create_coupon_set", "--name=Summer", **({"code": "summer"} | wrong))
    assert not CouponSet.objects.filter(brand=acme.brand).exists()


@pytest.mark.parametrize("name", ["create_coupon_set", "generate_coupons", "load_coupons"])
def test_an_unknown_brand_or_set_is_named(acme: Shop, name: str, tmp_path: Path) -> None:
    more: dict[str, list[str]] = {
        "create_coupon_set": ["--code=x", "--name=X"],
        "generate_coupons": ["--coupon-set=none", "--count=1"],
        "load_coupons": [str(tmp_path), "--coupon-set=none"],
    }
    with pytest.raises(CommandError):
        call_command(name, *more[name], "--brand=none")
    if name != "create_coupon_set":
        with pytest.raises(CommandError, match="Unknown: CouponSet"):
            call_command(name, *more[name], f"--brand={acme.brand.code}")


# --- generate_coupons ------------------------------------------------------------------------------------------------


def test_generated_coupons_are_free_different_and_spread(acme: Shop) -> None:
    made = booklet(acme, pattern=PATTERN)
    seen: list[int] = []
    assert generate_coupons(coupon_set=made, count=250, batch=100, tags=["a"], progress=seen.append) == 250
    rows = list(Coupon.objects.filter(brand=acme.brand, set_id=made.pk))
    assert seen == [100, 200, 250]
    assert len({row.code for row in rows}) == 250
    assert {(row.state, row.last_step, tuple(row.tags)) for row in rows} == {(CouponState.FREE, 0, ("a",))}
    assert len({row.shuffle >> 58 for row in rows}) == 16
    assert all(row.code.startswith("TEN-") and len(row.code) == 12 for row in rows)


def test_another_run_adds_others(acme: Shop) -> None:
    booklet(acme, pattern=PATTERN)
    for _ in range(2):
        assert "20 of 20 coupons" in command(acme, "generate_coupons", "--coupon-set=summer", "--count=20", "--tag=x")
    assert len(codes(acme)) == 40
    assert acme.ok("allocateCoupon", {"couponSetId": "summer"})["customTags"] == ["x"]


def test_a_set_never_holds_more_than_its_pattern_hides(acme: Shop) -> None:
    made = booklet(acme, pattern="TEN-####")
    generate_coupons(coupon_set=made, count=10)
    with pytest.raises(TooGuessable):
        generate_coupons(coupon_set=made, count=1)
    with pytest.raises(CommandError, match="too few"):
        command(acme, "generate_coupons", "--coupon-set=summer", "--count=1")
    assert len(codes(acme)) == 10


def test_codes_that_are_taken_are_drawn_again(acme: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "RARITY", 1)
    made = booklet(acme, [code_of("A##", drawn) for drawn in range(50)], pattern="A##")
    to_come = iter(range(40, 1000))
    monkeypatch.setattr(module.secrets, "randbelow", lambda below: next(to_come) if below == 100 else 1)
    generate_coupons(coupon_set=made, count=20)
    assert codes(acme) == {code_of("A##", drawn) for drawn in range(70)}


def test_a_set_without_pattern_or_nothing_to_make_is_refused(acme: Shop) -> None:
    with pytest.raises(InvalidInput):
        generate_coupons(coupon_set=booklet(acme), count=1)
    with pytest.raises(InvalidInput):
        generate_coupons(coupon_set=booklet(acme, code="x", pattern=PATTERN), count=0)


def test_a_hundred_thousand_coupons_take_seconds(acme: Shop) -> None:
    made = booklet(acme, pattern=PATTERN)
    began = time.process_time()
    generate_coupons(coupon_set=made, count=100_000)
    assert time.process_time() - began < 20
    assert Coupon.objects.filter(brand=acme.brand).count() == 100_000


# --- load_coupons ----------------------------------------------------------------------------------------------------

GOOD = "code,tags,allowed_cards,expiration\nA-1,x|y,C1,2099-01-01 00:00:00\nA-2\n"
BAD = GOOD + "ä\nA-3\nA-1\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "coupons.csv"


def load(shop: Shop, file: Path, *args: str) -> str:
    return command(shop, "load_coupons", str(file), "--coupon-set=summer", *args)


def test_a_file_is_loaded_with_all_that_it_says(acme: Shop, file: Path) -> None:
    booklet(acme)
    file.write_text("\ufeff" + GOOD, encoding="utf-8")
    assert "2 coupons added; 2 good, 0 bad" in load(acme, file)
    row = coupon(acme, "A-1")
    assert (row.tags, row.allowed_cards) == (["x", "y"], ["C1"])
    assert row.expires_at == datetime(2099, 1, 1, tzinfo=UTC)
    assert (coupon(acme, "A-2").tags, coupon(acme, "A-2").expires_at) == ([], None)


def test_of_a_bad_file_nothing_is_loaded_and_each_line_is_named(acme: Shop, file: Path) -> None:
    booklet(acme, ["A-3"])
    file.write_text(BAD, encoding="utf-8")
    output = StringIO()
    with pytest.raises(CommandError, match="Nothing was loaded"):
        call_command(
            "load_coupons", file, f"--brand={acme.brand.code}", "--coupon-set=summer", stderr=output, stdout=output
        )
    assert [line.split(":")[0] for line in output.getvalue().splitlines()[:3]] == ["line 4", "line 5", "line 6"]
    assert "line 5: The code A-3 is taken." in output.getvalue()
    assert codes(acme) == {"A-3"}


def test_bad_lines_can_be_left_out(acme: Shop, file: Path) -> None:
    booklet(acme)
    file.write_text(BAD, encoding="utf-8")
    assert "3 coupons added; 3 good, 2 bad" in load(acme, file, "--skip-bad")
    assert "0 coupons added; 0 good, 5 bad" in load(acme, file, "--skip-bad")
    assert codes(acme) == {"A-1", "A-2", "A-3"}


def test_a_dry_run_loads_nothing(acme: Shop, file: Path) -> None:
    booklet(acme)
    file.write_text(GOOD, encoding="utf-8")
    assert "0 coupons added; 2 good, 0 bad" in load(acme, file, "--dry-run")
    assert codes(acme) == set()


def test_batches_are_one_transaction(acme: Shop) -> None:
    seen: list[int] = []
    made = booklet(acme)
    lines = ["code\n", *(f"A-{number}\n" for number in range(25))]
    load_coupons(coupon_set=made, lines=lines, now=NOW, batch=10, progress=seen.append)
    assert seen == [10, 20, 25]
    assert len(codes(acme)) == 25


def test_a_file_that_is_missing_or_no_text_is_named(acme: Shop, file: Path) -> None:
    booklet(acme)
    with pytest.raises(CommandError, match="cannot be read"):
        load(acme, file)
    file.write_bytes(b"code\n\xff\xfe\n")
    with pytest.raises(CommandError, match="cannot be read"):
        load(acme, file)
    file.write_text("colour\nred\n")
    with pytest.raises(CommandError, match="name the columns"):
        load(acme, file)


def test_a_code_of_another_brand_is_not_taken(acme: Shop, charlie: Shop, file: Path) -> None:
    booklet(charlie, ["A-1"])
    booklet(acme)
    file.write_text(GOOD)
    assert "2 coupons added" in load(acme, file)
