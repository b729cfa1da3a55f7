"""updateAccount: the people of a card or of a child card, how they may be reached, and what happened to it."""

from dataclasses import dataclass, replace

from apps.campaigns.core.kinds import Trigger
from apps.cards.fragments import update_account as card_fragment
from apps.cards.fragments import update_child_account
from apps.cards.queries.locks import lock_families
from apps.customers.core.customer import check_changes
from apps.customers.core.third_parties import (
    NO_LINK,
    check_link_update,
    link_after,
    list_writes,
    merged,
)
from apps.customers.queries.read_people import PeopleQuery, PeopleRead, read_people
from apps.kernel.db.hot import Cursor
from apps.kernel.errors import InvalidInput
from apps.kernel.fragments import Fragment
from apps.messaging.confirmations import NOTHING, Asked, ask_customer
from apps.messaging.core.consent import CHANNEL_OF, asks_to_confirm
from apps.messaging.core.kinds import Channel
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import Record, change
from apps.transactions.account_after import (
    ALTERNATE,
    PRIMARY,
    UNCHANGED,
    AccountAfter,
    AccountChange,
    account_after,
    of_new_addresses,
    readings_after,
    write_account,
)
from apps.transactions.firing.about import About
from apps.transactions.firing.fire import CONTESTED, Fired, fire
from apps.transactions.firing.stage import CardWanted, Stage, Tries, open_stage
from apps.transactions.under_lock import NO_PIN, PinClaim, Scene


@dataclass(frozen=True, slots=True)
class AccountUpdated:
    """The card, and whether this call enrolled its customer."""

    card_number: str
    newly_enrolled: bool


class NotForChildren(InvalidInput):
    """Child cards have no custom number and no enrolment of their own (9)."""

    message = "A child card has no custom number and no enrolment of its own."


def update_account(
    *,
    call: Call,
    configuration: Configuration,
    card_number: str,
    wanted: AccountChange,
    child_number: str | None = None,
    claim: PinClaim = NO_PIN,
    record: Record[AccountUpdated] | None = None,
) -> AccountUpdated:
    """Change the account of an active card, or of one of its children. Six statements, five without people.

    Unknown card or child, inactive card: 2, 11; wrong PIN: 10. 9: phones, countries and e-mail addresses that cannot be
    such; custom number or enrolment of a child; fields, third parties, lists and event types that the brand does not
    have, or that do not take what is sent. Enrolling an enrolled card has no effect.

    When an opt-in begins to wait for its confirmation, also because the address is another one now, the brand's message
    that asks for it goes out, if it has one.
    """
    _check(wanted, is_child=child_number is not None)
    wanted = replace(wanted, links=tuple(link for link in merged(wanted.links) if link.sent != NO_LINK))

    tries = Tries()

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[AccountUpdated]:
        stage = open_stage(
            cursor,
            call=call,
            configuration=configuration,
            about=_about(wanted),
            card=CardWanted(number=card_number, locked=locked, claim=claim, child_number=child_number),
            locks_budgets=tries.begin(),
        )
        scene = stage.require_scene()
        enrols = wanted.enrols and scene.card.enrolled_at is None
        people = _read(cursor, scene, wanted) if wanted.needs_reading else None
        meant = of_new_addresses(scene, wanted, people) if people is not None else wanted
        after = account_after(scene, meant, people) if people is not None else UNCHANGED
        asked = _asked(scene, meant, people) if people is not None else NOTHING
        fired = _fire(cursor, stage, wanted, after, enrols=enrols)
        return Plan(
            answer=AccountUpdated(card_number, enrols),
            call_type=CallType.UPDATE_ACCOUNT,
            occurred_at=scene.book.at,
            fragments=[
                *_card(scene, wanted, people, enrols=enrols or fired.deeds.enrols),
                *write_account(scene, after, values=fired.deeds.values),
                *fired.fragments(writes_account=False),
                *asked.fragments,
                *scene.posting(),
            ],
            family_id=scene.family_id,
            child_id=scene.child_id,
            contested=CONTESTED,
            after_commit=[*asked.after_commit, *fired.after_commit],
            explanation=fired.explanation,
        )

    return change(call=call, lock=lock_families([card_number]), decide=decide, record=record)


def _check(wanted: AccountChange, *, is_child: bool) -> None:
    if is_child and (wanted.custom_number is not None or wanted.enrols):
        raise NotForChildren
    check_changes(dict(wanted.customer), name=PRIMARY)
    check_changes(dict(wanted.alternate), name=ALTERNATE)
    for link in wanted.links:
        check_link_update(link)


def _read(cursor: Cursor, scene: Scene, wanted: AccountChange) -> PeopleRead:
    owner = scene.child or scene.card
    query = PeopleQuery(
        primary_id=owner.customer_id,
        alternate_id=owner.alternate_customer_id,
        new_primary=owner.customer_id is None and wanted.is_about_the_primary,
        new_alternate=owner.alternate_customer_id is None and bool(wanted.alternate),
        fields=[each.code for each in wanted.fields],
        third_parties=wanted.third_parties,
        categories=[each.category_id for each in wanted.events],
    )
    return read_people(cursor, brand_id=scene.call.brand_id, query=query)


def _card(scene: Scene, wanted: AccountChange, people: PeopleRead | None, *, enrols: bool) -> list[Fragment]:
    """The row of the card (or of the child), where something of it changes."""
    customer_id = people.primary.id if people is not None and people.primary.is_new else None
    alternate_id = people.alternate.id if people is not None and people.alternate.is_new else None
    if customer_id is alternate_id is None and wanted.custom_number is None and not enrols:
        return []
    brand_id = scene.call.brand_id
    if scene.child is not None:
        child_id = scene.child.id
        return [
            update_child_account(
                brand_id=brand_id, child_id=child_id, customer_id=customer_id, alternate_id=alternate_id
            )
        ]
    return [
        card_fragment(
            brand_id=brand_id,
            card_id=scene.card.id,
            custom_number=wanted.custom_number,
            enrolled_at=scene.call.moment if enrols else None,
            customer_id=customer_id,
            alternate_id=alternate_id,
        )
    ]


def _about(wanted: AccountChange) -> About:
    """Enrolment rules run first, if the call wants to enrol; then those for any update, then those for events."""
    triggers = [Trigger.ACCOUNT_UPDATE]
    if wanted.enrols:
        triggers.insert(0, Trigger.ENROLMENT)
    if wanted.events:
        triggers.append(Trigger.EVENT)
    logged = tuple(dict.fromkeys(each.category_id for each in wanted.events))
    return About(triggers=tuple(triggers), logged=logged)


def _fire(cursor: Cursor, stage: Stage, wanted: AccountChange, after: AccountAfter, *, enrols: bool) -> Fired:
    """Run the rules, which see the account as it is after the update. Who is enrolled already is not enrolled again."""
    about = stage.about
    triggers = tuple(each for each in about.triggers if enrols or each is not Trigger.ENROLMENT)
    stage.about = replace(about, triggers=triggers, enrols=enrols)
    stage.readings = readings_after(stage, wanted, after)
    stage.customer_id = after.customer_id or stage.customer_id
    return fire(cursor, stage)


def _asked(scene: Scene, wanted: AccountChange, people: PeopleRead) -> Asked:
    """Messages that ask the customer to confirm, for each channel whose opt-in begins to wait with this call."""
    channels = []
    for each in wanted.links:
        present = people.links.get(each.third_party, NO_LINK)
        states = [(known.id, known.state) for known in people.lists if known.channel == each.third_party]
        after, writes = link_after(present, each.sent), list_writes(people.lists, each)
        if asks_to_confirm(each.third_party, before=present, after=after, lists=states, writes=writes):
            channels.append(CHANNEL_OF[each.third_party])
    if not wanted.asks_by_email:
        channels = [each for each in channels if each != Channel.EMAIL]
    return ask_customer(scene.call, wallet_id=scene.wallet_id, channels=channels)
