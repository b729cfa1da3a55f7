"""A redemption that is asked for in another currency than the card's own."""

from dataclasses import dataclass
from decimal import Decimal

from apps.kernel.amounts import LARGEST, ZERO, at_scale, fits
from apps.kernel.currencies import currency_scale
from apps.kernel.db.hot import Cursor
from apps.kernel.errors import InvalidInput
from apps.kernel.fragments import Fragment
from apps.ledger.fragments import conversion
from apps.programs.core.conversion import Rate, convert
from apps.programs.core.value_type import ValueType
from apps.programs.queries.exchange_rates import exchange_rates
from apps.transactions.under_lock import Scene


class NoMainCurrency(InvalidInput):
    """The card's program has no currency, or several, so that none of them is the main one (9)."""

    message = "convertToMainCurrency needs a program with exactly one currency."


class NoExchangeRate(InvalidInput):
    """The brand's table has no rate between the two currencies at the moment of processing (9)."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """`amount` in `currency` is `worth` so much of the card's own. `rate` is None where both are the same currency."""

    currency: str
    amount: Decimal
    value_type: ValueType
    worth: Decimal
    rate: Rate | None

    def taken(self, missing: Decimal | None) -> Decimal:
        """What a redemption took in the card's currency, where so much of `worth` was not there."""
        return at_scale(self.worth - (missing or ZERO), self.value_type.scale)


def exchange(cursor: Cursor, scene: Scene, *, currency: str, amount: Decimal) -> Exchange:
    """What an amount is worth in the card's main currency, half-up, at the rate of the moment of processing.

    One statement, none for the card's own currency. Refuses (9) a program without exactly one currency, a pair without
    a rate, more decimals than `currency` has, and what rounds to nothing or is more than can be kept.
    """
    value_type = scene.program.main_currency
    if value_type is None:
        raise NoMainCurrency
    if value_type.balance_code == currency:
        return Exchange(currency, amount, value_type, amount, None)
    if not fits(amount, currency_scale(currency)):
        raise InvalidInput(f"{amount} has more decimals than {currency}.")
    rate = _rate(cursor, scene, currency, value_type.balance_code)
    worth = convert(amount, rate.rate, value_type.scale)
    if not 0 < worth <= LARGEST:
        raise InvalidInput(f"{amount} {currency} cannot be taken in {value_type.balance_code}: too little or too much.")
    return Exchange(currency, amount, value_type, worth, rate)


def noted(scene: Scene, exchange: Exchange, *, taken: Decimal) -> list[Fragment]:
    """The row that keeps both amounts beside the redemption which the book has just made; none if it took nothing."""
    if exchange.rate is None or not taken:
        return []
    return [
        conversion(
            brand_id=scene.call.brand_id,
            operation_id=scene.call.id,
            mutation_no=scene.book.mutation_no,
            wallet_id=scene.wallet_id,
            value_type_id=exchange.value_type.id,
            currency=exchange.currency,
            amount=exchange.amount,
            converted=taken,
            rate=exchange.rate.rate,
            rate_id=exchange.rate.id,
        )
    ]


def _rate(cursor: Cursor, scene: Scene, base: str, quote: str) -> Rate:
    pair = (base, quote)
    found = exchange_rates(cursor, brand_id=scene.call.brand_id, pairs=[pair], at=scene.book.at)
    if pair not in found:
        raise NoExchangeRate(f"There is no exchange rate from {base} to {quote}.")
    return found[pair]
