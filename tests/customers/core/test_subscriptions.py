"""How calls change what an address allows."""

from typing import Any
from uuid import UUID

import pytest

from apps.customers.core.addresses import erased_address, is_erased, normal_address
from apps.customers.core.subscriptions import ChannelList, Subscription, SubscriptionChange, changed
from apps.kernel.errors import InvalidInput

NEWS = ChannelList(1, UUID("01a1f7e9-9638-73fe-b50a-000000000001"), "News")
OFFERS = ChannelList(2, UUID("01a1f7e9-9638-73fe-b50a-000000000002"), "Offers")
ALL = {"transactional_opt_in": True, "double_opt_in": True, "double_opt_in_confirmed": True}
WHOLE = Subscription(global_opt_in=True, **ALL, categories={1: True, 2: False}, key_values={"a": "1"})


def after(present: Subscription | None, *, channel: str = "email", globally: bool = True, **more: Any) -> Subscription:
    change = SubscriptionChange(global_opt_in=globally, **more)
    return changed(present, change, channel=channel, lists=[NEWS, OFFERS])


def test_what_is_not_said_stays() -> None:
    assert after(WHOLE) == WHOLE


def test_a_new_address_allows_only_what_was_said() -> None:
    assert after(None) == Subscription(global_opt_in=True)
    assert after(None, channel="phone") == Subscription(global_opt_in=True, double_opt_in=True)


def test_going_out_ends_categories_and_confirmation_and_coming_back_restores_neither() -> None:
    out = after(WHOLE, globally=False)
    assert (out.categories, out.double_opt_in_confirmed) == ({}, False)
    assert (out.transactional_opt_in, out.double_opt_in, out.key_values) == (True, True, {"a": "1"})
    assert after(out) == Subscription(
        global_opt_in=True, transactional_opt_in=True, double_opt_in=True, key_values={"a": "1"}
    )


def test_lists_are_added_and_changed_by_uuid_or_name() -> None:
    assert after(WHOLE, categories=[("offers", True)]).categories == {1: True, 2: True}
    assert after(None, categories=[(str(NEWS.uuid), True)]).categories == {1: True}
    for wrong in ([("none", True)], [("News", True), (str(NEWS.uuid), True)]):
        with pytest.raises(InvalidInput):
            after(WHOLE, categories=wrong)


def test_pairs_are_added_up_to_a_hundred() -> None:
    assert after(WHOLE, key_values=[("a", "2"), ("b", "3")]).key_values == {"a": "2", "b": "3"}
    assert len(after(WHOLE, key_values=[(str(number), "") for number in range(99)]).key_values) == 100
    for wrong in ([("b", "1"), ("b", "2")], [(str(number), "") for number in range(100)]):
        with pytest.raises(InvalidInput):
            after(WHOLE, key_values=wrong)


def test_pairs_are_not_endlessly_long() -> None:
    long = after(WHOLE, key_values=[("b", "x" * 131_069)])
    assert sum(len(name) + len(value) for name, value in long.key_values.items()) == 131_072
    with pytest.raises(InvalidInput):
        after(long, key_values=[("c", "")])


def test_an_address_has_one_form() -> None:
    assert normal_address(" Ada@X.org ", channel="email", country="US") == "ada@x.org"
    assert normal_address("020 7946 0018", channel="phone", country="GB") == "+442079460018"
    for channel in ("email", "phone"):
        with pytest.raises(InvalidInput):
            normal_address("nobody", channel=channel, country="US")


def test_an_erased_address_is_known_again_and_never_taken_for_one() -> None:
    facts: dict[str, Any] = {"channel": "email", "brand_id": 1, "pepper": b"p"}
    erased = erased_address("ada@x.org", **facts)
    assert erased == erased_address("ada@x.org", **facts)
    assert is_erased(erased)
    assert "ada" not in erased
    for other in ({"channel": "phone"}, {"brand_id": 2}, {"pepper": b"q"}):
        assert erased_address("ada@x.org", **facts | other) != erased
    with pytest.raises(InvalidInput):
        normal_address(erased, channel="email", country="US")
