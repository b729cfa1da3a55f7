"""What hangs on people goes along with a transfer: the brand's own fields, links, opt-ins, alternates, coupons."""

from typing import Any
from uuid import uuid4

import pytest

from apps.cards.models import Card
from apps.coupons.core.states import CouponState
from apps.customers.models import FieldValue, ListOptIn, ThirdPartyLink
from apps.customers.operations.create_demographic_field import create_demographic_field
from apps.customers.operations.create_subscription_list import create_subscription_list
from tests.coupons.booklet import booklet, coupon, given, steps, used
from tests.merchant_api.methods.test_transfer import into, out
from tests.shop import Shop


def pair(shop: Shop) -> tuple[str, str]:
    return shop.card(), shop.card()


def account(shop: Shop, card: str, **more: Any) -> None:
    shop.ok("updateAccount", {"cardNumber": card} | more)


def holder(shop: Shop, card: str) -> int:
    customer_id = Card.objects.get(brand=shop.brand, number=card).customer_id
    assert customer_id is not None
    return customer_id


def email(shop: Shop, card: str, **said: Any) -> None:
    account(shop, card, thirdPartyUpdates=[{"thirdParty": "email"} | said])


@pytest.mark.parametrize(
    ("mode", "mine", "kept"),
    [
        ("combine", {"optIn": False}, (False, None, None, "ada")),
        ("combine", {"optIn": True, "optInConfirmationRequired": True}, (True, None, True, "ada")),
        ("combine", {"username": "grace"}, (True, True, None, "grace")),
        ("overwrite", {"optIn": False, "username": "grace"}, (True, True, None, "ada")),
        ("skip", {"username": "grace"}, (None, None, None, "grace")),
    ],
)
def test_an_opt_in_goes_with_its_own_confirmation(
    acme: Shop, mode: str, mine: dict[str, Any], kept: tuple[Any, ...]
) -> None:
    old, new = pair(acme)
    email(acme, old, optIn=True, optInConfirmed=True, username="ada")
    email(acme, new, **mine)
    out(acme, old)
    into(acme, new, old, mergeMode=mode)
    columns = ("opt_in", "opt_in_confirmed", "opt_in_confirmation_required", "username")
    links = ThirdPartyLink.objects.filter(brand=acme.brand, customer_id=holder(acme, new))
    assert list(links.values_list(*columns)) == [kept]


@pytest.mark.parametrize(
    ("mode", "old_phone", "new_phone", "confirmed"),
    [
        ("combine", "+12125550101", "+12125550102", False),
        ("combine", "+12125550101", None, True),
        ("overwrite", "+12125550101", "+12125550102", True),
        ("overwrite", None, "+12125550102", False),
    ],
)
def test_a_confirmation_goes_only_where_its_phone_goes(
    acme: Shop, mode: str, old_phone: str | None, new_phone: str | None, confirmed: bool
) -> None:
    old, new = pair(acme)
    said = {"thirdParty": "phone", "optIn": True, "optInConfirmed": True}
    account(acme, old, primaryCustomer={"firstName": "Ada", "mobilePhone": old_phone}, thirdPartyUpdates=[said])
    account(acme, new, primaryCustomer={"firstName": "Ada", "mobilePhone": new_phone})
    out(acme, old)
    into(acme, new, old, mergeMode=mode)
    link = ThirdPartyLink.objects.get(brand=acme.brand, customer_id=holder(acme, new), third_party="phone")
    assert (link.opt_in, link.opt_in_confirmed) == (True, confirmed)


def test_a_phone_that_is_overwritten_has_to_confirm_again(acme: Shop) -> None:
    old, new = pair(acme)
    account(acme, old, primaryCustomer={"mobilePhone": "+12125550101"})
    said = {"thirdParty": "phone", "optIn": True, "optInConfirmed": True}
    account(acme, new, primaryCustomer={"mobilePhone": "+12125550102"}, thirdPartyUpdates=[said])
    out(acme, old)
    into(acme, new, old, mergeMode="overwrite")
    link = ThirdPartyLink.objects.get(brand=acme.brand, customer_id=holder(acme, new), third_party="phone")
    assert (link.opt_in, link.opt_in_confirmed) == (True, False)


def test_what_an_overwriting_card_never_said_stays(acme: Shop) -> None:
    old, new = pair(acme)
    email(acme, old, username="ada")
    email(acme, new, optIn=True, optInConfirmed=True)
    out(acme, old)
    into(acme, new, old, mergeMode="overwrite")
    link = ThirdPartyLink.objects.get(brand=acme.brand, customer_id=holder(acme, new))
    assert (link.opt_in, link.opt_in_confirmed, link.username) == (True, True, "ada")


@pytest.mark.parametrize(
    ("mode", "tags", "colour"),
    [("combine", ["x"], ["red"]), ("overwrite", ["a", "b", "c"], ["red"]), ("skip", ["x"], [])],
)
@pytest.mark.parametrize("more", [[], ["y", "z", "q"]])
def test_a_fields_values_are_taken_over_as_a_whole(
    acme: Shop, mode: str, tags: list[str], colour: list[str], more: list[str]
) -> None:
    fields = {
        code: create_demographic_field(
            brand=acme.brand, code=code, name=code, data_type="string", is_multiple=code == "tags"
        ).pk
        for code in ("tags", "colour")
    }
    old, new = pair(acme)

    def put(card: str, field: str, *values: str) -> None:
        said = [{"stringValue": value} for value in values]
        named = {"fieldName": field} | ({"values": said} if field == "tags" else {"value": values[0]})
        account(acme, card, brandDemographics=[named])

    put(old, "tags", "a", "b", "c")
    put(old, "colour", "red")
    put(new, "tags", "x", *more)
    out(acme, old)
    into(acme, new, old, mergeMode=mode)
    rows = FieldValue.objects.filter(brand=acme.brand, customer_id=holder(acme, new)).order_by("no")
    found = {code: [row.value for row in rows if row.field_id == field] for code, field in fields.items()}
    assert found == {"tags": tags + (more if mode != "overwrite" else []), "colour": colour}


@pytest.mark.parametrize(("mode", "mine"), [("combine", False), ("overwrite", True), ("skip", False)])
def test_opt_ins_to_lists_are_merged_list_by_list(acme: Shop, mode: str, mine: bool) -> None:
    uuids = [uuid4(), uuid4()]
    ids = [
        create_subscription_list(brand=acme.brand, uuid=uuid, channel="email", name=f"List {number}").pk
        for number, uuid in enumerate(uuids)
    ]
    old, new = pair(acme)
    email(acme, old, optIn=True, categories=[{"uuid": str(uuid), "optIn": True} for uuid in uuids])
    email(acme, new, optIn=True, categories=[{"uuid": str(uuids[0]), "optIn": False}])
    out(acme, old)
    into(acme, new, old, mergeMode=mode)
    rows = dict(
        ListOptIn.objects.filter(brand=acme.brand, customer_id=holder(acme, new)).values_list("list_id", "opt_in")
    )
    assert rows == ({ids[0]: mine} if mode == "skip" else {ids[0]: mine, ids[1]: True})


def test_alternate_customers_are_merged_too(acme: Shop) -> None:
    old, new = pair(acme)
    account(acme, old, alternateCustomer={"firstName": "Ada", "lastName": "Lovelace"})
    account(acme, new, primaryCustomer={"firstName": "Grace"})
    out(acme, old)
    into(acme, new, old, mergeMode="combine")
    shown = {"filters": {"cardNumber": new}, "returnFields": {"customer": True, "alternateCustomer": True}}
    seen = acme.ok("search", shown)["cards"][0]
    assert seen["customer"] == {"firstName": "Grace"}
    assert seen["alternateCustomer"] == {"firstName": "Ada", "lastName": "Lovelace"}


@pytest.mark.parametrize("has_it", [True, False])
def test_a_coupon_that_only_the_old_card_could_use_is_for_the_new_one(acme: Shop, has_it: bool) -> None:
    old, new = pair(acme)
    given(acme, **({"cardNumber": old, "promotionId": "p"} if has_it else {}))
    acme.ok("couponDetails", {"couponId": "A-1", "action": "details", "newAllowedCards": [old, "other"]})
    out(acme, old)
    into(acme, new, old)
    assert coupon(acme).allowed_cards == [new, "other"]
    assert (coupon(acme).wallet_id is not None) is has_it
    acme.ok("couponDetails", {"couponId": "A-1", "action": "use", "cardNumber": new})


def test_a_transfer_is_a_step_of_each_coupon_that_it_moves(acme: Shop) -> None:
    old, new = pair(acme)
    given(acme, "A-1", cardNumber=old, promotionId="p")
    used(acme, "A-2", cardNumber=old, promotionId="q")
    given(acme, "A-3")
    booklet(acme, ["A-4"])
    acme.ok("couponDetails", {"couponId": "A-4", "action": "details", "newAllowedCards": [old]})
    out(acme, old)
    into(acme, new, old)
    assert [steps(acme, code)[-1] for code in ("A-1", "A-2", "A-3", "A-4")] == [
        (2, "transfer", CouponState.ALLOCATED),
        (3, "transfer", CouponState.USED),
        (1, "allocate", CouponState.ALLOCATED),
        (2, "transfer", CouponState.FREE),
    ]
    assert coupon(acme, "A-1").wallet_id == coupon(acme, "A-2").wallet_id


def test_a_card_of_the_same_number_elsewhere_keeps_its_coupons(acme: Shop, charlie: Shop) -> None:
    old, new = pair(acme)
    charlie.card(old)
    given(charlie)
    charlie.ok("couponDetails", {"couponId": "A-1", "action": "details", "newAllowedCards": [old]})
    out(acme, old)
    into(acme, new, old)
    assert coupon(charlie).allowed_cards == [old]
