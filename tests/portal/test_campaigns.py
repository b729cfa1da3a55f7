"""Campaigns: the list, one campaign, publishing, pausing and resuming."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from apps.campaigns.models import Campaign, Revision
from apps.campaigns.operations.archive_campaign import archive_campaign
from apps.campaigns.operations.pause_campaign import pause_campaign
from tests.campaigns.live import condition, percent, points, publish, result, rule, says
from tests.portal.acme import OpenAs
from tests.portal.story import member
from tests.shop import Shop, open_shop
from tests.transactions.test_simulate import drafted

LIST = "/campaigns/"
UNKNOWN = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def shop() -> Shop:
    return open_shop("acme")


@pytest.fixture
def mary(shop: Shop, open_as: OpenAs) -> Client:
    """Marketer."""
    return open_as(member(shop, "marketer"))


def page(client: Client, path: str = LIST) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def of(row: Campaign, step: str = "") -> str:
    return f"{LIST}{row.uuid}/{step + '/' if step else ''}"


def budget(**more: Any) -> dict[str, Any]:
    return {"uuid": uuid4(), "measure": "discount", "cap": 20} | more


def test_the_list_says_how_campaigns_stand(shop: Shop, mary: Client) -> None:
    daily = {"times": 8, "per": "brand", "window": {"unit": "day"}}
    spring = publish(shop, rule(percent(10), name="Ten", throttles=[daily]), budgets=[budget()], name="Spring")
    drafted(shop, rule(points(1)), campaign=spring)
    paused = publish(shop, rule(points(1)), name="Paused one", priority=1)
    pause_campaign(brand=shop.brand, campaign_id=paused.pk)
    drafted(shop, rule(points(1)))
    gone = publish(shop, rule(points(1)), name="Gone", priority=200)
    archive_campaign(brand=shop.brand, campaign_id=gone.pk)
    card = shop.card()
    shop.ok("checkout", {"cardNumber": card, "checkoutTotal": 50})
    shop.ok("checkout", {"cardNumber": card, "checkoutTotal": 10})
    rows = mary.get(LIST).context["rows"]
    assert [(each.name, each.state, each.fired) for each in rows] == [
        ("Paused one", "Paused", 0),
        ("Spring", "Published", 2),
        ("Draft", "Draft", 0),
        ("Gone", "Archived", 0),
    ]
    assert [(each.what, each.rule, each.cap, each.used, each.percent) for each in rows[1].budgets] == [
        ("discount", "", 20, 6, 30),
        ("uses", "Ten", 8, 2, 25),
    ]
    shown = page(mary)
    for text in ("draft 2", "6 of 20 discount", "2 of 8 firings of “Ten”", 'aria-label="discount: 30 % used"'):
        assert text in shown


def test_an_empty_list_says_so(mary: Client) -> None:
    assert "No campaigns yet" in page(mary)


def test_a_campaign_is_told_in_words(shop: Shop, mary: Client) -> None:
    inner = condition("any_of", conditions=[condition("checkout_total", minimum=40), condition("referral_given")])
    first = points(5, name="Five")
    more = result(
        "issue_balance",
        value_type="Points",
        amount={"kind": "multiple_of", "result": str(first["uuid"]), "factor": 2},
        expires={"months": 1},
    )
    row = publish(
        shop,
        rule(first, more, says("Hello"), when=[inner], throttles=[{"times": 1}], name="Double"),
        conditions=[condition("program_is", programs=["loyalty"], negated=True)],
        budgets=[budget()],
        description="For those who come back.",
        name="Spring",
    )
    shown = page(mary, of(row))
    for text in (
        "For those who come back.",
        "not: program loyalty",
        "On a checkout, if",
        "Any of: at least one of these",
        "at least 40.00 USD",
        "Issue 5 Points",
        "Issue Points: 2 times what “Five” gave, expires 1 month later",
        "Answer: “Hello”",
        "At most 1 time per card in all",
        "At most 20 USD of discount in all",
        "kind: any_of",
    ):
        assert text in shown


def test_revisions_can_be_looked_at_one_by_one(shop: Shop, mary: Client) -> None:
    row = publish(shop, rule(points(1)), name="Spring")
    publish(shop, rule(points(2)), name="Spring", campaign=row)
    first, second = Revision.objects.filter(brand=shop.brand, campaign_id=row.pk).order_by("number")
    assert "Issue 2 Points" in page(mary, of(row))
    assert "Issue 1 Points" in page(mary, f"{of(row)}?revision={first.uuid}")
    assert f"publish/?revision={first.uuid}" in page(mary, of(row))
    assert f"publish/?revision={second.uuid}" not in page(mary, of(row))


def test_calls_that_it_moved_something_in_are_listed(shop: Shop, mary: Client, open_as: OpenAs) -> None:
    row = publish(shop, rule(percent(10)))
    reference = shop.ok("checkout", {"checkoutTotal": 50})["requestRef"]
    assert f"/requests/{reference}/" in page(mary, of(row))
    there = open_as(member(shop, "marketer", location=shop.other_location))
    assert reference not in page(there, of(row))
    analyst = page(open_as(member(shop, "analyst")), of(row))
    assert reference in analyst
    assert f"/requests/{reference}/" not in analyst


def test_a_draft_is_published_after_a_question(shop: Shop, mary: Client) -> None:
    row = publish(shop, rule(points(1)), name="Spring")
    draft = drafted(shop, rule(points(2)), campaign=row)
    asked = page(mary, of(row, "publish"))
    assert "Issue 2 Points" in asked
    assert "in place of revision 1" in asked
    assert Revision.objects.get(uuid=draft).state == "draft"
    done = mary.post(of(row, "publish"), {"revision": str(draft)}, follow=True).content.decode()
    assert "is in force from the next call on" in done
    revision = Revision.objects.get(uuid=draft)
    assert revision.state == "published"
    assert revision.published_by is not None


def test_what_was_shown_is_published_and_nothing_newer(shop: Shop, mary: Client) -> None:
    row = publish(shop, rule(points(1)))
    (old,) = Revision.objects.filter(brand=shop.brand, campaign_id=row.pk)
    publish(shop, rule(points(2)), campaign=row)
    newer = drafted(shop, rule(points(3)), campaign=row)
    mary.post(of(row, "publish"), {"revision": str(old.uuid)})
    assert Revision.objects.get(uuid=old.uuid).state == "published"
    assert Revision.objects.get(uuid=newer).state == "draft"


def test_a_faulty_draft_says_what_is_wrong(shop: Shop, mary: Client) -> None:
    row = publish(shop, rule(points(1)))
    drafted(shop, rule(points(1), when=[condition("in_segment", segments=["nobody"])]), campaign=row)
    answer = mary.post(of(row, "publish"))
    assert answer.status_code == 422
    assert "there is no segment &#x27;nobody&#x27;" in answer.content.decode()
    assert Revision.objects.filter(brand=shop.brand, state="draft").count() == 1


def test_pause_and_resume(shop: Shop, mary: Client) -> None:
    row = publish(shop, rule(percent(10)), name="Spring")
    assert "Pause Spring?" in page(mary, of(row, "pause"))
    assert "Paused" in mary.post(of(row, "pause"), follow=True).content.decode()
    assert shop.ok("checkout", {"checkoutTotal": 50})["totalDiscount"] == 0
    assert "Published" in mary.post(of(row, "resume"), follow=True).content.decode()
    assert shop.ok("checkout", {"checkoutTotal": 50})["totalDiscount"] == 5


def test_steps_are_audited(shop: Shop, open_as: OpenAs) -> None:
    user = member(shop, "marketer")
    row = publish(shop, rule(percent(10)))
    open_as(user).post(of(row, "pause"))
    last = Campaign.pgh_event_model.objects.filter(pgh_obj_id=row.pk).order_by("-pgh_id").first()
    assert last.is_paused
    assert last.pgh_context.metadata["user"] == user.pk


@pytest.mark.parametrize("step", ["publish", "pause", "resume"])
def test_only_who_may_publish_does(shop: Shop, open_as: OpenAs, step: str) -> None:
    row = publish(shop, rule(points(1)))
    for user in (member(shop, "analyst"), member(shop, "marketer", location=shop.location)):
        client = open_as(user)
        assert of(row, step) not in page(client, of(row))
        assert client.get(of(row, step)).status_code == client.post(of(row, step)).status_code == 403
    assert not Campaign.objects.get(pk=row.pk).is_paused


@pytest.mark.parametrize("path", [LIST, f"{LIST}{UNKNOWN}/", f"{LIST}{UNKNOWN}/pause/"])
def test_only_who_sees_campaigns_opens_them(shop: Shop, open_as: OpenAs, stranger: Client, path: str) -> None:
    assert open_as(member(shop, "support")).get(path).status_code == 403
    assert stranger.get(path).status_code == 302


def test_unknown_and_other_brands_campaigns_are_404(mary: Client) -> None:
    theirs = publish(open_shop("charlie"), rule(points(1)), name="Theirs")
    for path in (of(theirs), of(theirs, "pause"), f"{LIST}{UNKNOWN}/", of(theirs, "nothing")):
        assert mary.get(path).status_code == 404
    assert mary.post(of(theirs, "pause")).status_code == 404
    assert "Theirs" not in page(mary)


def test_another_campaigns_revision_is_not_published(shop: Shop, mary: Client) -> None:
    row, other = publish(shop, rule(points(1))), publish(shop, rule(points(1)))
    revision = Revision.objects.get(brand=shop.brand, campaign_id=other.pk)
    assert mary.post(of(row, "publish"), {"revision": str(revision.uuid)}).status_code == 404
    assert mary.get(of(row, "publish"), {"revision": "nonsense"}).status_code == 404


def test_statements_do_not_grow_with_campaigns(shop: Shop, mary: Client, django_assert_max_num_queries: Any) -> None:
    rows = [publish(shop, rule(points(1)), rule(points(1)), budgets=[budget()]) for _ in range(5)]
    with django_assert_max_num_queries(14):
        page(mary)
    with django_assert_max_num_queries(18):
        page(mary, of(rows[0]))


def test_the_day_is_the_brands(shop: Shop, mary: Client) -> None:
    publish(shop, rule(points(1), throttles=[{"times": 3, "per": "brand", "window": {"unit": "day"}}]))
    shop.ok("checkout", {"cardNumber": shop.card(card_set=shop.loyalty_set), "checkoutTotal": 5})
    ((only,),) = (each.budgets for each in mary.get(LIST).context["rows"])
    assert (only.used, only.cap) == (1, 3)
