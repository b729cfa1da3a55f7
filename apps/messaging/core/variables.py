"""What templates can name: every variable, where its value comes from, and plain values of them. Pure.

Variables are one flat mapping of names to texts; a list of texts (`couponCodes`), or a table of texts by key
(`balances`, `issued`, `fields`, `keyValues`). All of it can be stored as JSON. Amounts are texts with the digits of
their scale, dates `yyyy-MM-dd`, moments `yyyy-MM-dd HH:mm` in the brand's or the location's zone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from apps.customers.core.customer import Demographics
from apps.kernel.amounts import at_scale
from apps.kernel.value_types import BalanceType

Value = str | Sequence[str] | Mapping[str, str]
Variables = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Variable:
    """One name. `keys` are the arguments that choose a row of the table `source`; `optional` ones may be missing."""

    help: str
    source: str
    keys: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    is_list: bool = False


_TEXTS = {
    # the customer: the card's, or the child card's own
    "firstName": "First name",
    "middleName": "Middle name",
    "lastName": "Last name",
    "fullName": "First and last name",
    "email": "E-mail address",
    "phone": "Phone",
    "mobilePhone": "Mobile phone",
    "birthday": "Birthday",
    "anniversary": "Anniversary",
    "gender": "Gender",
    "address1": "First line of the address",
    "address2": "Second line of the address",
    "city": "City",
    "state": "State",
    "postal": "Postal code",
    "country": "Country, two letters",
    # the card
    "cardNumber": "Number of the (root) card",
    "childCardNumber": "Number of the child card, if it is about one",
    "customCardNumber": "The brand's own number of the card",
    "cardSetName": "Name of the card set",
    "activationDate": "Day on which the card was activated",
    "enrollmentDate": "Day on which the customer enrolled",
    # brand and place
    "brandName": "Name of the brand",
    "locationName": "Name of the location of the call",
    "locationId": "The location's id",
    "terminalId": "The terminal's id",
    # what happened
    "requestRef": "Reference of the call",
    "externalTransactionId": "The till's own reference",
    "transactionDate": "Moment of the call, at the location",
    "currency": "Currency of the checkout",
    "checkoutTotalBeforeDiscount": "Total before all discounts",
    "totalDiscount": "Discounts of the whole checkout",
    "checkoutTotal": "Total after all discounts",
    "itemCount": "How many items were bought",
    "discountAmount": "Discount that this rule gave",
    "issuedAmount": "What this rule issued, if it issued one kind of balance",
    "couponCode": "The first coupon that this rule issued",
    "campaignName": "Name of the campaign",
    "ruleName": "Name of the rule",
    "incomingMessage": "The message that the customer sent",
    "eventCategory": "Category of the event that was logged",
    # consent
    "confirmUrl": "Link by which the customer confirms an opt-in (messages that ask for it only)",
}

VARIABLES: Mapping[str, Variable] = MappingProxyType(
    {name: Variable(help, name) for name, help in _TEXTS.items()}
    | {
        "couponCodes": Variable("All coupons that this rule issued", "couponCodes", is_list=True),
        "balance": Variable(
            "Free balance at the moment of sending", "balances", keys=("balanceType",), optional=("balanceCode",)
        ),
        "issued": Variable(
            "What the call issued of one kind of balance", "issued", keys=("balanceType",), optional=("balanceCode",)
        ),
        "field": Variable("A field of the brand's own, by its internal name", "fields", keys=("code",)),
        "keyValue": Variable("A custom key value of the call", "keyValues", keys=("key",)),
    }
)
"""All names that a template can use, in the order in which an editor shows them."""


_WITH_CODE = frozenset(each.value for each in BalanceType if each.has_code)


def balance_key(balance_type: str, balance_code: str) -> str:
    """How tables of amounts name a kind of balance. A code with Points or Punches is ignored."""
    return f"{balance_type}:{balance_code}" if balance_type in _WITH_CODE else balance_type


def amounts(rows: Iterable[tuple[str, str, int, Decimal]]) -> dict[str, str]:
    """A table of amounts from rows of balance type, code, scale and amount; rows of one kind add up."""
    found: dict[str, Decimal] = {}
    for balance_type, code, scale, amount in rows:
        key = balance_key(balance_type, code)
        found[key] = at_scale(found.get(key, Decimal(0)) + amount, scale)
    return {key: f"{amount:f}" for key, amount in found.items()}


def customer_variables(customer: Demographics) -> dict[str, Value]:
    """Who the message is about."""
    values = {
        "firstName": customer.first_name,
        "middleName": customer.middle_name,
        "lastName": customer.last_name,
        "fullName": f"{customer.first_name} {customer.last_name}".strip(),
        "email": customer.email,
        "phone": customer.phone,
        "mobilePhone": customer.mobile_phone,
        "birthday": customer.birthday.isoformat() if customer.birthday else "",
        "anniversary": customer.anniversary.isoformat() if customer.anniversary else "",
        "gender": customer.gender,
        "address1": customer.address1,
        "address2": customer.address2,
        "city": customer.city,
        "state": customer.state,
        "postal": customer.postal,
        "country": customer.country,
    }
    return _known(values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What a call knows of itself, for the messages of one rule. Amounts come as texts; `issued` as of `amounts`.

    These are stored with the message, so that it says later what was true then. Customer and balances are read when it
    is sent.
    """

    request_ref: str
    transaction_date: str
    location_name: str = ""
    location_id: str = ""
    terminal_id: str = ""
    external_transaction_id: str = ""
    currency: str = ""
    total_before_discount: str = ""
    total_discount: str = ""
    total: str = ""
    item_count: str = ""
    discount_amount: str = ""
    issued_amount: str = ""
    campaign_name: str = ""
    rule_name: str = ""
    incoming_message: str = ""
    event_category: str = ""
    coupon_codes: Sequence[str] = ()
    issued: Mapping[str, str] = field(default_factory=dict)
    key_values: Mapping[str, str] = field(default_factory=dict)

    def variables(self) -> dict[str, Value]:
        """The same under the names that templates use; what is empty is left out."""
        values: dict[str, Value] = {
            "requestRef": self.request_ref,
            "transactionDate": self.transaction_date,
            "locationName": self.location_name,
            "locationId": self.location_id,
            "terminalId": self.terminal_id,
            "externalTransactionId": self.external_transaction_id,
            "currency": self.currency,
            "checkoutTotalBeforeDiscount": self.total_before_discount,
            "totalDiscount": self.total_discount,
            "checkoutTotal": self.total,
            "itemCount": self.item_count,
            "discountAmount": self.discount_amount,
            "issuedAmount": self.issued_amount,
            "campaignName": self.campaign_name,
            "ruleName": self.rule_name,
            "incomingMessage": self.incoming_message,
            "eventCategory": self.event_category,
            "couponCode": self.coupon_codes[0] if self.coupon_codes else "",
            "couponCodes": list(self.coupon_codes),
            "issued": dict(self.issued),
            "keyValues": dict(self.key_values),
        }
        return _known(values)


def _known(values: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if value}
