"""Campaigns in force, for tests that call the API."""

import itertools
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec

from apps.campaigns.core.definitions import Campaign
from apps.campaigns.models import Campaign as CampaignRow
from apps.campaigns.operations.create_campaign import create_campaign
from apps.campaigns.operations.publish_revision import publish_revision
from apps.campaigns.operations.save_draft import save_draft
from tests.shop import Shop

_names = itertools.count(1)


def rule(*results: dict[str, Any], when: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    """A rule; results and conditions as in brand files, but their UUIDs are made up where they are missing."""
    return {"uuid": uuid4(), "conditions": _known(when or []), "results": _known(results), **more}


def condition(kind: str, **more: Any) -> dict[str, Any]:
    """A condition."""
    return {"kind": kind, "uuid": uuid4(), **more}


def result(kind: str, **more: Any) -> dict[str, Any]:
    """A result."""
    return {"kind": kind, "uuid": uuid4(), **more}


def points(amount: Any, **more: Any) -> dict[str, Any]:
    """A result that issues points."""
    return result("issue_balance", value_type="Points", amount={"kind": "fixed", "amount": amount}, **more)


def percent(value: Any, **more: Any) -> dict[str, Any]:
    """A result that takes a percentage off."""
    return result("discount", take="percent", value=value, **more)


def says(text: str, channel: str = "direct", **more: Any) -> dict[str, Any]:
    """A result that sends a message."""
    return result("notify", channel=channel, text=text, **more)


def publish(shop: Shop, *rules: dict[str, Any], campaign: CampaignRow | None = None, **more: Any) -> CampaignRow:
    """Put a campaign with these rules in force (or, with `campaign`, its next revision)."""
    now = datetime.now(UTC)
    name = more.pop("name", f"Campaign {next(_names)}")
    definition = msgspec.convert({"name": name, "rules": rules, **more}, Campaign, strict=False)
    row = campaign or create_campaign(brand=shop.brand, name=name, now=now)
    save_draft(brand=shop.brand, campaign_id=row.pk, definition=definition, now=now)
    publish_revision(brand=shop.brand, campaign_id=row.pk, now=now)
    return row


def _known(nodes: Any) -> list[dict[str, Any]]:
    return [{"uuid": uuid4(), **node} for node in nodes]


def uuid_of(node: dict[str, Any]) -> UUID:
    """The UUID of a rule, a condition or a result."""
    found: UUID = node["uuid"]
    return found
