"""A process that still knows an older configuration does not act on it."""

from apps.brands.models import ApiCredential, Brand, Location
from apps.brands.operations.publish_config import publish_config
from apps.brands.operations.revoke_api_credential import revoke_api_credential
from apps.checkouts.models import Checkout
from apps.programs.models import CardSet, Program
from tests.merchant_api.steady import NOW, rack
from tests.shop import Shop, usd


def test_a_narrowed_key_is_refused_at_once(acme: Shop) -> None:
    card = acme.card()
    ApiCredential.objects.filter(key=acme.key).update(methods=["search"])
    publish_config(brand_id=acme.brand.pk)
    assert acme.post("updateBalance", usd(card, "issue", 5)).code == 5


def test_a_brand_that_wants_employees_wants_them_at_once(acme: Shop) -> None:
    card = acme.card()
    Brand.objects.filter(pk=acme.brand.pk).update(employee_required=True)
    publish_config(brand_id=acme.brand.pk)
    assert acme.post("updateBalance", usd(card, "issue", 5)).code == 5


def test_a_checkout_is_kept_in_the_present_currency(acme: Shop) -> None:
    acme.ok("checkout", {"checkoutTotal": 3})
    Location.objects.filter(pk=acme.location.pk).update(currency="JPY")
    publish_config(brand_id=acme.brand.pk)
    reply = acme.ok("checkout", {"products": [{"sku": "a", "unitPrice": 1.25}]})
    kept = Checkout.objects.get(brand=acme.brand, operation_id=reply["transactionId"])
    assert (kept.currency, kept.total) == ("JPY", 1)


def test_a_card_set_that_was_switched_on_again_is_found(acme: Shop) -> None:
    rack(acme, "R-1")
    sets = CardSet.objects.filter(pk=acme.gift_set.pk)
    for is_active, code in ((False, 7), (True, None)):
        sets.update(is_active=is_active)
        publish_config(brand_id=acme.brand.pk)
        assert acme.post("allocate", {"cardSetId": acme.gift_set.code}).code == code


def test_pins_are_not_said_once_the_program_uses_none(acme: Shop) -> None:
    card = rack(acme, "R-1")
    Program.objects.filter(pk=acme.gift.pk).update(uses_pins=False)
    publish_config(brand_id=acme.brand.pk)
    assert "pin" not in acme.ok("allocate", {"cardNumber": card}).body


def test_a_revoked_key_does_not_learn_that_a_set_is_empty_or_unknown(acme: Shop) -> None:
    acme.card()
    credential = ApiCredential.objects.get(key=acme.key)
    revoke_api_credential(brand=acme.brand, credential_id=credential.pk, now=NOW)
    for code in (acme.gift_set.code, "no-such-set"):
        assert acme.post("allocate", {"cardSetId": code}).code == 5
