"""Making subscription lists and switching them off."""

from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from apps.customers.models import SubscriptionList
from apps.customers.operations.create_subscription_list import create_subscription_list
from apps.customers.operations.switch_subscription_list import NoSuchList, switch_subscription_list
from apps.kernel.errors import InvalidInput
from tests.shop import Shop


def make(shop: Shop, **more: Any) -> SubscriptionList:
    return create_subscription_list(**{"brand": shop.brand, "uuid": uuid4(), "channel": "email", "name": "News"} | more)


def test_a_name_is_unique_in_its_channel_case_aside(acme: Shop, charlie: Shop) -> None:
    made = make(acme)
    make(acme, channel="phone")
    make(charlie)
    for clash in ({"name": "nEWS"}, {"name": "Other", "uuid": made.uuid}):
        with pytest.raises(InvalidInput, match="already"):
            make(acme, **clash)


@pytest.mark.parametrize("wrong", [{"channel": "fax"}, {"name": " "}, {"name": "x" * 201}])
def test_names_and_channels_that_cannot_be_are_refused(acme: Shop, wrong: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        make(acme, **wrong)
    assert not SubscriptionList.objects.filter(brand=acme.brand).exists()


def test_a_list_of_another_brand_cannot_be_switched(acme: Shop, charlie: Shop) -> None:
    with pytest.raises(NoSuchList):
        switch_subscription_list(brand=charlie.brand, uuid=make(acme).uuid, is_active=False)
    assert SubscriptionList.objects.get(brand=acme.brand).is_active


def test_the_commands_make_and_switch(acme: Shop) -> None:
    said = StringIO()
    brand = f"--brand={acme.brand.code}"
    call_command("create_subscription_list", brand, "--channel=phone", "--name=Texts", "--private", stdout=said)
    row = SubscriptionList.objects.get(brand=acme.brand)
    assert said.getvalue() == f"{row.uuid} Texts\n"
    assert (row.channel, row.is_public, row.is_active) == ("phone", False, True)
    for switch, is_active in (([], False), (["--on"], True)):
        call_command("switch_subscription_list", brand, f"--uuid={row.uuid}", *switch, stdout=said)
        assert SubscriptionList.objects.get(brand=acme.brand).is_active is is_active


def test_the_commands_refuse_in_words(acme: Shop) -> None:
    with pytest.raises(CommandError, match="no brand"):
        call_command("create_subscription_list", "--brand=none", "--channel=email", "--name=x")
    with pytest.raises(CommandError, match="no subscription list"):
        call_command("switch_subscription_list", f"--brand={acme.brand.code}", f"--uuid={uuid4()}")
