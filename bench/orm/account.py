"""One card's wallet and lots as model instances, and the book that decides what moves between them."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.brands.models import Brand
from apps.kernel.amounts import at_scale
from apps.kernel.ids import parse_id
from apps.ledger.core import book as core
from apps.ledger.core.book import Book, HoldNotFound
from apps.ledger.core.days import book_days
from apps.ledger.core.kinds import EntryKind
from apps.ledger.models import Entry, Lot, Wallet
from apps.programs.core.value_type import ValueType
from apps.transactions.operations.update_balance import BalanceChange
from apps.transactions.under_lock import require_after


class Account:
    """A locked wallet with its open lots. `save` writes what was changed."""

    def __init__(self, wallet: Wallet, *, operation_id: UUID, moment: datetime) -> None:
        self.wallet = wallet
        self.lots = {lot.no: lot for lot in Lot.objects.filter(brand=wallet.brand_id, wallet_id=wallet.id, open=True)}
        dimensions = (wallet.program_id, wallet.card_set_id, wallet.owner_location_id, wallet.is_demo)
        seen = core.Wallet(wallet.id, dimensions, wallet.last_seq, wallet.last_lot, wallet.last_at)
        lots = [
            core.Lot(
                lot.wallet_id,
                lot.no,
                lot.value_type_id,
                lot.return_related,
                lot.expires_at,
                lot.active_at,
                lot.hold_id,
                lot.hold_until,
                lot.remaining,
            )
            for lot in self.lots.values()
        ]
        self.book = Book.open(operation_id=operation_id, moment=moment, wallets=[seen], lots=lots)
        self._seen = seen

    def move(self, wanted: BalanceChange, value_type: ValueType, brand: Brand) -> Decimal | None:
        """Do what is wanted; returns what a redemption was short of."""
        assert wanted.amount is not None
        value_type.check_scale(wanted.amount)
        common = {"wallet_id": self.wallet.id, "value_type_id": value_type.id}
        if wanted.hold_id is not None:
            missing = self._redeem_hold(wanted, common)
        elif wanted.action == "hold":
            value_type.check_redeem(wanted.amount)
            until = self.book.at + brand.hold_lifetime if brand.hold_lifetime else None
            self.book.hold(amount=wanted.amount, until=until, **common)
            return None
        elif (wanted.action == "issue") == (wanted.amount > 0):
            self._add(wanted, value_type, common)
            return None
        else:
            if wanted.amount > 0:
                value_type.check_redeem(wanted.amount)
            missing = self.book.redeem(
                amount=abs(wanted.amount),
                kind=EntryKind.ADJUST if wanted.is_adjustment else EntryKind.REDEEM,
                take_what_is_there=wanted.take_what_is_there,
                **common,
            )
        return at_scale(missing, value_type.scale)

    def save(self, brand: Brand, *, location_id: int, recorded_at: datetime) -> None:
        """Write wallet, lots and entries."""
        for lot in self.book.lots:
            if lot.is_new:
                Lot.objects.create(
                    brand_id=brand.pk,
                    wallet_id=lot.wallet_id,
                    no=lot.no,
                    value_type_id=lot.value_type_id,
                    return_related=lot.return_related,
                    expires_at=lot.expires_at,
                    active_at=lot.active_at,
                    hold_id=lot.hold_id,
                    hold_until=lot.hold_until,
                    remaining=lot.remaining,
                )
            elif lot.is_changed:
                row = self.lots[lot.no]
                row.remaining = lot.remaining
                row.save(update_fields=["remaining"])
        if self.book.postings:
            self.wallet.last_seq = self._seen.last_seq
            self.wallet.last_lot = self._seen.last_lot
            self.wallet.last_at = self._seen.last_at
            self.wallet.save(update_fields=["last_seq", "last_lot", "last_at"])
            Entry.objects.bulk_create(self._entries(brand, location_id, recorded_at))

    def _add(self, wanted: BalanceChange, value_type: ValueType, common: dict[str, int]) -> None:
        assert wanted.amount is not None
        require_after(wanted.expires_at, self.book.at, "issuedBalanceExpiration")
        require_after(wanted.active_at, self.book.at, "issuedBalanceActivation")
        present = self.book.total(self.wallet.id, value_type.id)
        if wanted.amount > 0:
            value_type.check_issue(wanted.amount, present=present)
        else:
            value_type.check_maximum(abs(wanted.amount), present=present)
        self.book.issue(
            amount=abs(wanted.amount),
            kind=EntryKind.ADJUST if wanted.is_adjustment else EntryKind.ISSUE,
            return_related=wanted.return_related,
            expires_at=wanted.expires_at,
            active_at=wanted.active_at,
            **common,
        )

    def _redeem_hold(self, wanted: BalanceChange, common: dict[str, int]) -> Decimal:
        hold_id = parse_id(wanted.hold_id or "")
        if hold_id is None:
            raise HoldNotFound
        assert wanted.amount is not None
        return self.book.redeem_hold(
            hold_id=hold_id,
            amount=wanted.amount,
            release_rest=wanted.release_rest,
            take_what_is_there=wanted.take_what_is_there,
            **common,
        )

    def _entries(self, brand: Brand, location_id: int, recorded_at: datetime) -> list[Entry]:
        book_day = book_days(ZoneInfo(brand.timezone), brand.clock.closed_through)
        return [
            Entry(
                brand_id=brand.pk,
                wallet_id=each.wallet_id,
                seq=each.seq,
                operation_id=self.book.operation_id,
                lot_no=each.lot_no,
                value_type_id=each.value_type_id,
                hold_id=each.hold_id,
                kind=int(each.kind),
                amount=each.amount,
                lot_after=each.lot_after,
                balance_after=each.balance_after,
                occurred_at=each.occurred_at,
                recorded_at=recorded_at,
                booked_on=book_day(each.occurred_at),
                program_id=self.wallet.program_id,
                card_set_id=self.wallet.card_set_id,
                owner_location_id=self.wallet.owner_location_id,
                is_demo=self.wallet.is_demo,
                location_id=location_id,
                mutation_no=each.mutation_no,
            )
            for each in self.book.postings
        ]
