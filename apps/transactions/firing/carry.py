"""The fragments that make an outcome true."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, localcontext
from uuid import UUID

from apps.campaigns.core.outcome import Enrolled, EventLogged, FieldSet, Outcome, Skipped
from apps.campaigns.core.results import FieldAction
from apps.campaigns.fragments import BudgetMoves, move_budgets, mutations
from apps.cards.core.events import CUSTOM, NewEvent
from apps.cards.fragments import log_events, update_account
from apps.coupons.checkout_fragments import step_coupons
from apps.coupons.core.life import Action, Coupon
from apps.customers.core.fields import BrandField, FieldChange, SentValue, canonical, changed_values
from apps.customers.core.roles import Role
from apps.customers.fragments import Holder, write_field_values
from apps.facts.fragments import fire
from apps.kernel.errors import InvalidInput
from apps.kernel.fragments import Fragment
from apps.messaging.fragments import NewMessage, outbox
from apps.transactions.firing.coupons import Given
from apps.transactions.firing.effects import mutation_rows
from apps.transactions.firing.messages import Speaker
from apps.transactions.firing.stage import Stage
from apps.transactions.under_lock import Scene

LONGEST_SUM = 70
"""Digits: a field's value has at most 30 before the point and 30 after it."""


@dataclass(slots=True)
class Deeds:
    """What an outcome does besides moving value, ready to be written. `customer_id`: whose fields, where the
    call makes the customer; `skipped`: what could not be done, and why."""

    events: list[NewEvent] = field(default_factory=list)
    values: dict[int, tuple[str, ...]] = field(default_factory=dict)
    enrols: bool = False
    customer_id: int | None = None
    skipped: list[Skipped] = field(default_factory=list)


def deeds_of(stage: Stage, outcome: Outcome, speaker: Speaker) -> Deeds:
    """Events, fields and enrolment, with their texts rendered."""
    deeds = Deeds(customer_id=stage.customer_id)
    fields = _fields(stage)
    for each in outcome.effects:
        if isinstance(each, EventLogged):
            payload = speaker.text(each, each.payload) or None
            moment = stage.call.moment
            deeds.events.append(
                NewEvent(
                    root_type=CUSTOM,
                    category_id=each.category,
                    payload=payload,
                    happened_at=moment,
                    specific_id=each.specific_id,
                )
            )
        elif isinstance(each, FieldSet):
            _set_field(stage, deeds, fields, each, speaker.text(each, each.value))
        elif isinstance(each, Enrolled):
            deeds.enrols = True
    return deeds


def write_outcome(
    stage: Stage,
    outcome: Outcome,
    *,
    numbers: Sequence[int],
    deeds: Deeds,
    given: Sequence[Given] = (),
    used: Sequence[Coupon] = (),
    messages: Sequence[NewMessage] = (),
    budgets: BudgetMoves | None = None,
) -> list[Fragment]:
    """Everything but the ledger's own fragments. `numbers`: the mutations of the value moves; `used`: coupons after
    the step that uses them; `budgets`: how they move, where that is not simply what the outcome spends."""
    call, scene = stage.call, stage.scene
    program = scene.program if scene is not None else None
    wallet_id = scene.wallet_id if scene is not None else None
    rows = mutation_rows(outcome.effects, wallet_id=wallet_id, program=program, numbers=numbers)
    brand_id, operation_id, gifts = call.brand_id, call.id, [each.coupon for each in given]
    return [
        *mutations(brand_id=call.brand_id, operation_id=call.id, mutations=rows),
        *_fired(stage, outcome),
        *move_budgets(brand_id=call.brand_id, operation_id=call.id, moves=budgets or spent(stage, outcome)),
        *step_coupons(
            "coupons_given", brand_id=brand_id, operation_id=operation_id, coupons=gifts, action=Action.ALLOCATE
        ),
        *step_coupons("coupons_used", brand_id=brand_id, operation_id=operation_id, coupons=used, action=Action.USE),
        *outbox(brand_id=call.brand_id, operation_id=call.id, wallet_id=stage.whose, messages=messages, now=call.now),
        *(done_to_the_card(scene, deeds) if scene is not None else ()),
    ]


def spent(stage: Stage, outcome: Outcome) -> BudgetMoves:
    """What an outcome takes from budgets."""
    amounts = {stage.loaded.budgets[each.budget].id: each.amount for each in outcome.spendings}
    return BudgetMoves(on_date=stage.today, spent=amounts)


def _fired(stage: Stage, outcome: Outcome) -> list[Fragment]:
    if stage.whose is None or not outcome.firings:
        return []
    return fire(
        brand_id=stage.call.brand_id,
        wallet_id=stage.whose,
        operation_id=stage.call.id,
        firings={each.rule: each.times for each in outcome.firings},
        on_date=stage.today,
    )


def done_to_the_card(scene: Scene, deeds: Deeds) -> list[Fragment]:
    """What deeds write of the card and its customer."""
    call = scene.call
    fragments = []
    if deeds.events:
        fragments.append(
            log_events(
                brand_id=call.brand_id,
                wallet_id=scene.child_id or scene.family_id,
                operation_id=call.id,
                events=deeds.events,
                recorded_at=call.now,
                name="campaign_events",
            )
        )
    if deeds.values:
        fragments += write_field_values(_holder(scene, deeds), deeds.values)
    if deeds.enrols and scene.card.enrolled_at is None:
        fragments.append(
            update_account(
                brand_id=call.brand_id,
                card_id=scene.card.id,
                custom_number=None,
                enrolled_at=call.moment,
                customer_id=None,
                alternate_id=None,
            )
        )
    return fragments


def _holder(scene: Scene, deeds: Deeds) -> Holder:
    customer_id = deeds.customer_id or (scene.child or scene.card).customer_id
    assert customer_id is not None, "a field was set of nobody"
    role = Role.CHILD if scene.child is not None else Role.PRIMARY
    return Holder(brand_id=scene.call.brand_id, customer_id=customer_id, role=role, card_id=scene.card.id)


def _fields(stage: Stage) -> dict[str, BrandField]:
    held = stage.readings.get("fields") or {}
    return {
        code: BrandField(id, code, data_type, is_multiple, choices, tuple(held.get(code, ())))
        for code, (id, data_type, is_multiple, choices) in (stage.readings.get("field_types") or {}).items()
    }


def _set_field(stage: Stage, deeds: Deeds, fields: dict[str, BrandField], effect: FieldSet, text: str) -> None:
    """Change the field, or say why not: a campaign that cannot write a field fails nobody's call."""
    result = effect.cause.result or UUID(int=0)
    known = fields.get(effect.field)
    if known is None:
        deeds.skipped.append(Skipped(result, f"There is no field {effect.field}."))
        return
    if stage.customer_id is None:
        deeds.skipped.append(Skipped(result, "The card has no customer."))
        return
    try:
        values = _after(known, effect.action, text)
    except InvalidInput as problem:
        deeds.skipped.append(Skipped(result, problem.message))
        return
    fields[effect.field] = replace(known, values=values)
    deeds.values[known.id] = values


def _after(known: BrandField, action: FieldAction, text: str) -> tuple[str, ...]:
    if action is FieldAction.RESET:
        return ()
    if action is FieldAction.INCREMENT:
        text = _sum(known.values[0] if known.values else "0", text)
    return changed_values(known, FieldChange(known.code, (SentValue(text),)))


def _sum(present: str, more: str) -> str:
    numbers = [canonical(text.strip().removeprefix("+"), data_type="decimal") for text in (present, more)]
    if None in numbers:
        raise InvalidInput("Only numbers can be added to.")
    with localcontext(prec=LONGEST_SUM):
        return f"{sum(Decimal(each) for each in numbers if each is not None):f}"
