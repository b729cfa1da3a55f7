"""Each wire type against the project's own copy of the published contract."""

import copy
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from apps.customers.core.event_types import GROUP_TYPES
from apps.kernel.errors import ErrorCode
from apps.merchant_api.table import METHODS
from apps.merchant_api.wire.common import CALL_TYPES, ErrorResponse
from apps.merchant_api.wire.fields import DATE, MOMENT
from apps.merchant_api.wire.mask import SECRET_NAMES
from apps.merchant_api.wire.spec import Field, fields_of, models_below

CONTRACT = json.loads((Path(__file__).parents[1] / "contract.json").read_text())

# Facts that only the prose of the contract states.
PROSE: dict[tuple[str, str], dict[str, Any]] = {
    ("CardHistoryRequest", "restrictTransactionTypes"): {"allowed": list(CALL_TYPES)},
    ("CheckoutProduct", "amountPurchased"): {"minimum": 0},
    ("CheckoutProduct", "unitPrice"): {"minimum": 0},
    ("CheckoutRequest", "checkoutTotal"): {"minimum": 0},
    ("CheckoutRequest", "coupons"): {"maxItems": 10},
    ("CreateEventTypeRequest", "groupType"): {"allowed": list(GROUP_TYPES)},
    ("CreateEventTypeRequest", "sentiment"): {"minimum": -1, "maximum": 1},
    ("PaymentMethod", "checkoutPaymentAmount"): {"minimum": 0},
    ("PreDiscount", "amount"): {"minimum": 0},
    ("ReturnRequest", "additionalReturnAmount"): {"minimum": 0},
    ("TriggerReferRewardsRequest", "checkoutCount"): {"minimum": 0},
    ("TriggerReferRewardsRequest", "checkoutTotalSum"): {"minimum": 0},
    ("UpdateAccountRequest", "customCardNumber"): {"maxLength": 64},
}

ADDITIONS = {
    ("AllocateRequest", "customRequestDate"),
    ("CardHistoryRequest", "limit"),
    ("CheckoutRequest", "customRequestDate"),
    ("ErrorResponse", "checkoutSetupTransactionId"),
    ("ErrorResponse", "originalRequestRef"),
    ("ReactivateResponse", "transactionId"),
    ("ReturnRequest", "customRequestDate"),
    ("UpdateAccountRequest", "customRequestDate"),
    ("UpdateBalanceRequest", "customRequestDate"),
    ("VoidRequest", "customRequestDate"),
}

MODELS = {
    model.__name__: model
    for operation in METHODS.values()
    for root in (operation.request, operation.response)
    for model in models_below(root)
}


def facts_of(field: Field, model: str) -> dict[str, Any]:
    """One field of a wire type in the form of the contract."""
    facts, kind = field.facts, {"moment": "string", "date": "string"}.get(field.kind, field.kind)
    item = field.model.__name__ if field.model is not None else kind
    default = facts.default if facts.default is not msgspec.UNSET else field.default
    format_ = {"moment": MOMENT, "date": DATE}.get(field.kind, facts.format)
    found = {
        "type": "array" if field.many else item,
        "required": field.required if facts.required is None else facts.required,
        "items": item if field.many else None,
        "default": default if isinstance(default, bool | int | str | Decimal) and default != "" else None,
        "allowed": list(facts.allowed) or None,
        "minimum": facts.minimum,
        "maximum": facts.maximum,
        "maxLength": facts.max_length,
        "maxItems": facts.max_items,
        "format": format_,
        "jsonV2": facts.json_v2 or None,
        "brandFeature": facts.brand_feature is not None or None,
        "deprecated": facts.deprecated or None,
    }
    prose = PROSE.get((model, field.name), {})
    assert all(found.get(name) == value for name, value in prose.items()), (model, field.name)
    return {name: value for name, value in found.items() if value is not None and name not in prose}


def as_published(model: type[msgspec.Struct]) -> dict[str, Any]:
    fields = [field for field in fields_of(model) if not field.facts.addition and not field.facts.sent_keys]
    return {field.name: facts_of(field, model.__name__) for field in fields}


@pytest.mark.parametrize("name", MODELS)
def test_wire_type_has_exactly_the_fields_and_facts_of_the_contract(name: str) -> None:
    assert as_published(MODELS[name]) == CONTRACT["models"][name]


@pytest.mark.parametrize("name", MODELS)
def test_taking_away_one_field_or_one_fact_of_the_contract_is_noticed(name: str) -> None:
    ours, published = as_published(MODELS[name]), CONTRACT["models"][name]
    for field, facts in published.items():
        assert ours != {other: published[other] for other in published if other != field}
        for fact in facts:
            changed = copy.deepcopy(published)
            del changed[field][fact]
            assert ours != changed, (field, fact)


def test_taking_away_one_field_of_a_wire_type_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, model in MODELS.items():
        whole = fields_of(model)
        for gone in [field for field in whole if not field.facts.addition and not field.facts.sent_keys]:
            rest = tuple(field for field in whole if field is not gone)
            monkeypatch.setattr(f"{__name__}.fields_of", lambda _model, rest=rest: rest)
            assert as_published(model) != CONTRACT["models"][name]
        monkeypatch.undo()


def test_methods_and_their_types_are_those_of_the_contract() -> None:
    assert set(METHODS) == set(CONTRACT["methods"])
    for name, operation in METHODS.items():
        assert CONTRACT["methods"][name] == {
            "request": operation.request.__name__,
            "response": operation.response.__name__,
        }


def test_error_codes_are_those_of_the_contract() -> None:
    assert {str(code.value): code.name for code in ErrorCode} == CONTRACT["errors"]


def test_the_contract_is_whole() -> None:
    assert (len(CONTRACT["methods"]), len(CONTRACT["models"]), len(CONTRACT["errors"])) == (26, 87, 33)
    assert sum(len(fields) for fields in CONTRACT["models"].values()) == 592


def test_additions_are_named_and_optional() -> None:
    models = {**MODELS, "ErrorResponse": ErrorResponse}
    found = {(name, field.name): field for name, model in models.items() for field in fields_of(model)}
    assert {key for key, field in found.items() if field.facts.addition} == ADDITIONS
    assert not any(found[key].required for key in ADDITIONS)


def test_every_field_is_described() -> None:
    assert all(field.description for model in MODELS.values() for field in fields_of(model))


def test_every_secret_is_masked() -> None:
    fields = [field for model in MODELS.values() for field in fields_of(model)]
    assert {field.name.lower() for field in fields if field.facts.secret} <= SECRET_NAMES
    assert all(field.facts.secret for field in fields if field.name == "pin" and field.kind == "string")
