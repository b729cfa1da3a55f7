"""The way in of a transfer: value, children, people and coupons of the old card arrive on another one."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from apps.cards.core.state import CardState
from apps.cards.core.status import CardStatus
from apps.cards.fragments import copy_events, create_children, move_events, update_account
from apps.cards.fragments import transfer_in as close_transfer
from apps.cards.queries.read_cards import read_cards
from apps.cards.queries.transferred import Party, TransferredOut, parties, transferred_out
from apps.coupons.fragments import move_coupons
from apps.customers.core.customer import Demographics
from apps.customers.core.merge import MergeMode, merged
from apps.customers.core.roles import Role
from apps.customers.fragments import write_customer
from apps.customers.merge_fragments import merge_person, move_people
from apps.customers.queries.read_demographics import next_customer_id, read_demographics
from apps.facts.fragments import merge_facts
from apps.kernel.amounts import ZERO
from apps.kernel.db.hot import Cursor
from apps.kernel.errors import InvalidInput
from apps.kernel.fragments import Fragment
from apps.ledger.core import transfers
from apps.ledger.core.book import Book
from apps.ledger.core.heirs import Heirs
from apps.ledger.core.kinds import EntryKind
from apps.ledger.core.lots import PastEntry, Wallet
from apps.ledger.fragments import insert_wallets
from apps.ledger.queries.entries import entries_of
from apps.ledger.queries.read_wallet import next_wallet_ids
from apps.messaging.core.consent import CHANNEL_OF
from apps.messaging.queries.read_recipient import address_of
from apps.requestlog.unit import ReadAgain
from apps.segments.fragments import merge_members
from apps.transactions.under_lock import Scene, same_kinds

OwnerRule = Literal["target", "source", "min"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """How a card arrives: its number, who owns the value afterwards, what of its people is taken over.

    `owner`: the target's owning location stays, the source's comes along, or (min) that of the card which was activated
    first.
    """

    old_number: str | None = None
    owner: OwnerRule = "target"
    mode: MergeMode = MergeMode.SKIP
    copies_custom_number: bool = False


NOWHERE = Arrival()
"""For calls that are no way in."""


class NotTransferredOut(InvalidInput):
    """The old card was not transferred out, or its way in has been taken already (9)."""

    message = "The old card was not transferred out, or has been transferred in already."


class ChildNumberClash(InvalidInput):
    """Both cards have a child card with the same number (9)."""

    message = "Both cards have a child card with the same number."


@dataclass(frozen=True, slots=True)
class _Move:
    """The old card and what left it: wallets (the root's first) and where each of them goes."""

    card: CardState
    owner_id: int
    left: list[TransferredOut]
    targets: dict[int, int]

    @property
    def out_operation_id(self) -> UUID:
        return self.left[0].out_operation_id

    @property
    def children(self) -> list[TransferredOut]:
        return [each for each in self.left if each.child_number is not None]


def arrive(cursor: Cursor, scene: Scene, locked: frozenset[int], arrival: Arrival) -> list[Fragment]:
    """Plan the way in under the locks of both families. The scene's book gets everything that moves."""
    assert arrival.old_number is not None
    move = _read_move(cursor, scene, locked, arrival.old_number)
    known = parties(cursor, brand_id=scene.call.brand_id, wallet_ids=(scene.family_id, move.left[0].wallet_id))
    source, target = known[move.left[0].wallet_id], known[scene.family_id]
    if set(target.children) & {each.child_number for each in move.children}:
        raise ChildNumberClash
    transfers.reclassify(scene.book, scene.family_id, owner_location_id=_owner(scene, move, arrival, source, target))
    wallets = _receive(cursor, scene, move)
    brand_id = scene.call.brand_id
    return [
        *wallets,
        close_transfer(brand_id=brand_id, operation_id=scene.call.id, targets=move.targets),
        *merge_facts(brand_id=brand_id, moves=list(move.targets.items())),
        *merge_members(brand_id=brand_id, moves=list(move.targets.items())),
        *_children(scene, move),
        *_account(cursor, scene, arrival, source, target),
        *move_coupons(
            brand_id=brand_id,
            operation_id=scene.call.id,
            targets=move.targets,
            old_number=move.card.number,
            new_number=scene.card.number,
        ),
    ]


def _read_move(cursor: Cursor, scene: Scene, locked: frozenset[int], number: str) -> _Move:
    brand_id = scene.call.brand_id
    found = read_cards(cursor, brand_id=brand_id, numbers=[number])
    card = found.card(number)
    if card.status is not CardStatus.TRANSFER or card.family_id is None:
        raise NotTransferredOut
    if card.family_id not in locked:
        raise ReadAgain
    left = transferred_out(cursor, brand_id=brand_id, family_id=card.family_id)
    left.sort(key=lambda each: each.wallet_id != card.family_id)
    if any(each.in_operation_id is not None for each in left):
        raise NotTransferredOut
    ids = next_wallet_ids(cursor, len(left) - 1) if len(left) > 1 else []
    targets = dict(zip([each.wallet_id for each in left], [scene.family_id, *ids], strict=True))
    return _Move(card, found.wallets[card.family_id].dimensions[2], left, targets)


def _owner(scene: Scene, move: _Move, arrival: Arrival, source: Party, target: Party) -> int:
    if arrival.owner == "source" or (arrival.owner == "min" and source.activated_at < target.activated_at):
        return move.owner_id
    return scene.book.wallets[scene.family_id].dimensions[2]


def _receive(cursor: Cursor, scene: Scene, move: _Move) -> list[Fragment]:
    """Post what arrives; returns the wallets that the children's successors get."""
    brand_id, book = scene.call.brand_id, scene.book
    dimensions = book.wallets[scene.family_id].dimensions
    new = [Wallet(move.targets[each.wallet_id], dimensions, 0, 0, book.at, is_new=True) for each in move.children]
    book.wallets.update({wallet.id: wallet for wallet in new})
    entries = entries_of(cursor, brand_id=brand_id, operation_ids=[move.out_operation_id])[move.out_operation_id]
    left = [entry for entry in entries if entry.kind == EntryKind.TRANSFER_OUT]
    program_id = scene.configuration.card_sets[move.card.card_set_id].program_id
    heirs = Heirs(move.targets, same_kinds(scene.configuration, {program_id}, scene.program))
    transfers.transfer_in(book, left, heirs)
    _check_maximum(scene, book, left, heirs)
    return [insert_wallets(brand_id=brand_id, wallets=new, root_id=scene.family_id)] if new else []


def _check_maximum(scene: Scene, book: Book, left: list[PastEntry], heirs: Heirs) -> None:
    """13 where a wallet now has more of a kind than it may."""
    for entry in left:
        wallet_id, value_type_id = heirs.wallets[entry.wallet_id], heirs.of_value_type(entry.value_type_id)
        present = book.total(wallet_id, value_type_id)
        scene.configuration.value_types[value_type_id].check_maximum(ZERO, present=present)


def _children(scene: Scene, move: _Move) -> list[Fragment]:
    children = move.children
    if not children:
        return []
    brand_id = scene.call.brand_id
    people = [id for each in children for id in (each.customer_id, each.alternate_customer_id) if id is not None]
    successors = {each.wallet_id: move.targets[each.wallet_id] for each in children}
    return [
        create_children(
            brand_id=brand_id,
            family_id=scene.family_id,
            numbers=[each.child_number or "" for each in children],
            wallet_ids=list(successors.values()),
            customer_ids=[each.customer_id for each in children],
            alternate_ids=[each.alternate_customer_id for each in children],
            activated=[each.child_activated_at or scene.book.at for each in children],
        ),
        move_events(brand_id=brand_id, targets=successors),
        *move_people(brand_id=brand_id, people=people, card_id=scene.card.id),
    ]


def _account(cursor: Cursor, scene: Scene, arrival: Arrival, source: Party, target: Party) -> list[Fragment]:
    """Custom number, enrolment, people and events, as far as they are wanted."""
    brand_id, merges = scene.call.brand_id, arrival.mode is not MergeMode.SKIP
    people: list[_Person] = []
    fragments: list[Fragment] = []
    if merges:
        people = [
            _person(cursor, scene, arrival, Role.PRIMARY, source.customer_id, target.customer_id),
            _person(cursor, scene, arrival, Role.ALTERNATE, source.alternate_customer_id, target.alternate_customer_id),
        ]
        fragments = [each for person in people for each in person.fragments]
        fragments.append(copy_events(brand_id=brand_id, source=source.wallet_id, target=target.wallet_id))
    enrols = merges and source.enrolled_at is not None and target.enrolled_at is None
    card = update_account(
        brand_id=brand_id,
        card_id=scene.card.id,
        custom_number=source.custom_number if arrival.copies_custom_number else None,
        enrolled_at=scene.call.moment if enrols else None,
        customer_id=people[0].id if people else None,
        alternate_id=people[1].id if people else None,
    )
    return [*fragments, card]


@dataclass(frozen=True, slots=True)
class _Person:
    """Who is on the new card in a role (None: nobody), and what writes that."""

    id: int | None
    fragments: list[Fragment]


def _person(
    cursor: Cursor, scene: Scene, arrival: Arrival, role: Role, source_id: int | None, target_id: int | None
) -> _Person:
    if source_id is None:
        return _Person(target_id, [])
    brand_id, card_id = scene.call.brand_id, scene.card.id
    source = read_demographics(cursor, brand_id=brand_id, customer_id=source_id)
    target = read_demographics(cursor, brand_id=brand_id, customer_id=target_id) if target_id else Demographics()
    customer_id = target_id or next_customer_id(cursor)
    after = merged(target, source, arrival.mode)
    write = write_customer(
        brand_id=brand_id,
        customer_id=customer_id,
        is_new=target_id is None,
        demographics=after,
        role=role,
        card_id=card_id,
    )
    if role is not Role.PRIMARY:
        return _Person(customer_id, [write])
    merge = merge_person(
        brand_id=brand_id,
        source_id=source_id,
        target_id=customer_id,
        card_id=card_id,
        mode=arrival.mode,
        not_the_sources=_other_addresses(source, after),
        not_the_targets=_other_addresses(target, after),
    )
    return _Person(customer_id, [write, *merge])


def _other_addresses(before: Demographics, after: Demographics) -> list[str]:
    """The third parties by which messages go to another address after the merge."""
    return [
        name
        for name, channel in CHANNEL_OF.items()
        if address_of(before, channel).lower() != address_of(after, channel).lower()
    ]
