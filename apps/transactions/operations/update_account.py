"""updateAccount: the customer of a card, its custom number, its enrolment."""

from dataclasses import dataclass, field
from typing import Any

from apps.cards.fragments import update_account as card_fragment
from apps.cards.queries.locks import lock_families
from apps.customers.core.customer import Demographics, check_changes, updated
from apps.customers.core.roles import Role
from apps.customers.fragments import write_customer
from apps.customers.queries.read_demographics import next_customer_id, read_demographics
from apps.kernel.db.hot import Cursor
from apps.kernel.fragments import Fragment
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import Record, change
from apps.transactions.under_lock import NO_PIN, PinClaim, Scene, open_card


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChange:
    """What to change. `customer` maps attributes of `Demographics` to new values; an empty text clears."""

    customer: dict[str, Any] = field(default_factory=dict)
    custom_number: str | None = None
    enrols: bool = False


@dataclass(frozen=True, slots=True)
class AccountUpdated:
    """The card, and whether this call enrolled its customer."""

    card_number: str
    newly_enrolled: bool


def update_account(
    *,
    call: Call,
    configuration: Configuration,
    card_number: str,
    wanted: AccountChange,
    claim: PinClaim = NO_PIN,
    record: Record[AccountUpdated] | None = None,
) -> AccountUpdated:
    """Change the account of an active card. Unknown or inactive card: 2, 11; wrong PIN: 10; phones, countries and
    e-mail addresses that cannot be such: 9. Enrolling an enrolled card has no effect."""

    check_changes(wanted.customer)

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[AccountUpdated]:
        scene = open_card(
            cursor, call=call, configuration=configuration, locked=locked, number=card_number, claim=claim
        )
        customer_id, fragments = _customer(cursor, scene, wanted.customer)
        enrols = wanted.enrols and scene.card.enrolled_at is None
        fragments.append(
            card_fragment(
                brand_id=call.brand_id,
                card_id=scene.card.id,
                custom_number=wanted.custom_number,
                enrolled_at=call.moment if enrols else None,
                customer_id=customer_id,
            )
        )
        return Plan(
            answer=AccountUpdated(card_number, enrols),
            call_type=CallType.UPDATE_ACCOUNT,
            occurred_at=scene.book.at,
            fragments=[*fragments, *scene.posting()],
            family_id=scene.family_id,
        )

    return change(call=call, lock=lock_families([card_number]), decide=decide, record=record)


def _customer(cursor: Cursor, scene: Scene, changes: dict[str, Any]) -> tuple[int | None, list[Fragment]]:
    if not changes:
        return None, []
    brand_id, known = scene.call.brand_id, scene.card.customer_id
    present = read_demographics(cursor, brand_id=brand_id, customer_id=known) if known else Demographics()
    demographics = updated(present, changes, country=_country(scene))
    customer_id = known or next_customer_id(cursor)
    write = write_customer(
        brand_id=brand_id,
        customer_id=customer_id,
        is_new=known is None,
        demographics=demographics,
        role=Role.PRIMARY,
        card_id=scene.card.id,
    )
    return customer_id, [write]


def _country(scene: Scene) -> str:
    location = scene.configuration.location(scene.call.location_id)
    return location.country if location else scene.configuration.country
