"""`manage.py seed_demo`, with fewer customers than it makes by itself."""

import json
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.test import override_settings

from apps.accounts.models import User
from apps.accounts.queries.visible_locations import visible_locations
from apps.brands.models import ApiCredential, Brand, Location, LocationGroup, Terminal
from apps.campaigns.models import Mutation
from apps.cards.core.status import CardStatus
from apps.cards.models import Card
from apps.coupons.models import Coupon
from apps.programs.models import ValueType
from apps.requestlog.models import Operation, Request
from apps.transactions.brand_file.import_brand import compare, read_file
from apps.transactions.demo.access import new_caller
from apps.transactions.demo.brand import demo_brand, demo_file
from apps.transactions.demo.perform import perform
from apps.transactions.demo.plan import plan
from apps.transactions.demo.stock import stock_up
from apps.transactions.demo.till import Caller, InProcessTill
from tests.shop import Shop

CUSTOMERS, INVENTORY = 40, 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


def seed(code: str, file: Path) -> str:
    out = StringIO()
    wanted = {"brand": code, "file": file, "customers": CUSTOMERS, "inventory": INVENTORY}
    call_command("seed_demo", stdout=out, stderr=out, **wanted)
    return out.getvalue()


@pytest.fixture(scope="module")
def seeded(folder: Path) -> tuple[Brand, Path, str]:
    """A demo brand, where its secrets are told, and what the command said."""
    code = f"demo-{uuid4().hex[:8]}"
    file = folder / f"{code}.json"
    said = seed(code, file)
    return Brand.objects.get(code=code), file, said


def test_every_call_is_answered_as_planned_and_the_books_add_up(seeded: tuple[Brand, Path, str]) -> None:
    _, _, said = seeded
    assert "0 of them not foreseen; 0 were made before, 0 left out" in said
    assert "checks passed" in said


def test_the_hierarchy_is_there(seeded: tuple[Brand, Path, str]) -> None:
    brand, _, _ = seeded
    counts = [model.objects.filter(brand=brand).count() for model in (LocationGroup, Location, Terminal)]
    assert counts == [3, 8, 15]
    kinds = ValueType.objects.filter(brand=brand).values_list("program__type", "balance_type", "balance_code", "scale")
    assert set(kinds) == {
        ("gift", "Currency", "USD", 2),
        ("loyalty", "Points", "", 0),
        ("loyalty", "Punches", "", 0),
        ("loyalty", "Custom", "cashback", 2),
    }
    assert set(brand.features) == {"activationDate", "pin", "prefixes", "createIfNew", "customRequestDate"}


def test_customers_have_cards_and_the_inventory_is_what_was_asked_for(seeded: tuple[Brand, Path, str]) -> None:
    brand, _, _ = seeded
    cards = Card.objects.filter(brand=brand)
    assert cards.filter(customer_id__isnull=False).count() == CUSTOMERS
    left = cards.filter(status=CardStatus.INVENTORY).values("card_set_id").annotate(cards=Count("id"))
    assert sorted(row["cards"] for row in left) == [INVENTORY * 4 // 10, INVENTORY * 6 // 10]


def test_activity_reaches_back_ninety_days_and_is_in_the_request_log(seeded: tuple[Brand, Path, str]) -> None:
    brand, _, _ = seeded
    moments = Operation.objects.filter(brand=brand).order_by("occurred_at").values_list("occurred_at", flat=True)
    first, last = moments[0], moments.reverse()[0]
    assert 80 <= (datetime.now(UTC) - first).days <= 90
    assert (datetime.now(UTC) - last).days <= 2
    assert Request.objects.filter(brand=brand).count() > Operation.objects.filter(brand=brand).count()


def test_campaigns_took_part(seeded: tuple[Brand, Path, str]) -> None:
    brand, _, _ = seeded
    gave = set(Mutation.objects.filter(brand=brand).values_list("name", flat=True))
    assert {"Points for this purchase", "100 points for 5 dollars", "Second pastry at half price"} <= gave
    assert Coupon.objects.filter(brand=brand, promotion_id="welcome").count() > CUSTOMERS / 2


def test_a_second_import_of_the_demos_file_has_nothing_to_do(seeded: tuple[Brand, Path, str]) -> None:
    brand, _, _ = seeded
    assert compare(read_file(demo_file(), code=brand.code)).are_none


def test_the_file_tells_how_to_get_in_and_nobody_else_can_read_it(seeded: tuple[Brand, Path, str]) -> None:
    brand, file, _ = seeded
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    told = json.loads(file.read_text())
    assert set(told) == {
        *("baseUrl", "brand", "location", "terminal", "apiKey", "apiSecret", "cardSets", "couponSets", "users")
    }
    assert (told["brand"], told["couponSets"]) == (brand.code, {})
    till = InProcessTill(Caller(told["brand"], told["apiKey"], told["apiSecret"]))
    place = {"location": told["location"], "terminal": told["terminal"]}
    for card_set in told["cardSets"].values():
        assert till.call("listValueTypes", {"cardSetId": card_set}, place)["success"] is True


def test_the_logins_work_and_one_is_restricted(seeded: tuple[Brand, Path, str]) -> None:
    brand, file, _ = seeded
    users = json.loads(file.read_text())["users"]
    logged_in: dict[str, Any] = {part: authenticate(None, **login) for part, login in users.items()}
    assert set(logged_in) == {"admin", "support", "restricted"}
    assert visible_locations(user=logged_in["admin"]) is None
    seen = visible_locations(user=logged_in["restricted"])
    assert seen == set(Location.objects.filter(brand=brand, group__code="waterfront").values_list("id", flat=True))


def test_a_second_run_changes_nothing(seeded: tuple[Brand, Path, str]) -> None:
    brand, file, _ = seeded
    before = file.read_text(), Request.objects.filter(brand=brand).count()
    assert "is there" in seed(brand.code, file)
    assert (file.read_text(), Request.objects.filter(brand=brand).count()) == before


def test_without_the_file_there_are_new_secrets_and_nothing_is_played_again(seeded: tuple[Brand, Path, str]) -> None:
    brand, file, _ = seeded
    old, operations = json.loads(file.read_text()), Operation.objects.filter(brand=brand).count()
    other = file.with_name("other.json")
    seed(brand.code, other)
    new = json.loads(other.read_text())
    assert Operation.objects.filter(brand=brand).count() == operations
    assert list(live_keys(brand)) == [new["apiKey"]]
    assert old["apiKey"] != new["apiKey"]
    assert authenticate(None, **old["users"]["admin"]) is None
    assert authenticate(None, **new["users"]["admin"]) is not None
    other.replace(file)


def live_keys(brand: Brand) -> Any:
    return ApiCredential.objects.filter(brand=brand, revoked_at=None).values_list("key", flat=True)


class CutShort(Exception):
    """Stands for a power failure."""


def cutting(at: int) -> Callable[[int, int], None]:
    def progress(done: int, of: int) -> None:
        if done == at:
            raise CutShort

    return progress


def test_a_run_that_was_cut_short_is_taken_up(folder: Path) -> None:
    code, now = f"cut-{uuid4().hex[:8]}", datetime.now(UTC)
    brand, _ = demo_brand(code=code, now=now)
    caller, steps = new_caller(brand=brand, now=now), plan(end=brand.created_at, customers=CUSTOMERS)
    stock_up(brand=brand, steps=steps, inventory=INVENTORY, now=now, progress=lambda made: None)
    with pytest.raises(CutShort):
        perform(steps=steps, till=InProcessTill(caller), brand_id=brand.pk, is_fresh=True, progress=cutting(90))
    said = seed(code, folder / "cut.json")
    assert "checks passed" in said
    assert "0 of them not foreseen; 90 were made before, 0 left out" in said
    cards = Card.objects.filter(brand=brand)
    assert cards.filter(status=CardStatus.INVENTORY).count() == INVENTORY
    assert cards.filter(customer_id__isnull=False).count() == CUSTOMERS
    assert list(live_keys(brand)) == [json.loads((folder / "cut.json").read_text())["apiKey"]]


def test_a_brand_of_somebodys_own_is_refused_and_left_as_it_was(acme: Shop, folder: Path) -> None:
    with pytest.raises(CommandError, match=f"{acme.brand.code}.* was not made by seed_demo"):
        seed(acme.brand.code, folder / "acme.json")
    assert list(live_keys(acme.brand)) == [acme.key]
    assert not User.objects.filter(brand=acme.brand).exists()
    assert not (folder / "acme.json").exists()


@pytest.mark.parametrize("environment", ["production", "Production", ""])
def test_there_is_no_demo_in_production(environment: str, folder: Path) -> None:
    code = f"none-{uuid4().hex[:8]}"
    with override_settings(ENVIRONMENT=environment), pytest.raises(CommandError, match="trial or stage"):
        seed(code, folder / "none.json")
    assert not Brand.objects.filter(code=code).exists()
