"""What comes later is refused by name."""

from typing import Any

import pytest

from apps.kernel.errors import InvalidInput
from apps.merchant_api.later import LATER_INPUT, LATER_RETURN, refuse_later
from apps.merchant_api.table import METHODS
from apps.merchant_api.wire.binder import bind
from apps.merchant_api.wire.spec import Field, fields_of

REQUESTS = {name: method.request for name, method in METHODS.items()}
MINIMAL: dict[str, dict[str, Any]] = {
    "cardHistory": {"cardNumber": "1"},
    "checkout": {},
    "search": {"filters": {}},
    "updateAccount": {"cardNumber": "1"},
    "updateBalance": {"cardNumber": "1", "action": "issue"},
    "voidTransaction": {"cardNumber": "1", "requestRef": "r"},
}
PATHS = [(method, path) for method, paths in LATER_INPUT.items() for path in paths]


def field_at(method: str, path: str) -> Field:
    model, field = REQUESTS[method], None
    for name in path.split("."):
        assert model is not None
        field = {field.name: field for field in fields_of(model)}[name]
        model = field.model  # type: ignore[assignment]
    assert field is not None
    return field


def example(field: Field) -> Any:
    """A value that differs from the default."""
    if field.model is not None:
        value: Any = {below.name: example(below) for below in fields_of(field.model) if not below.facts.sent_keys}
    else:
        text = field.facts.allowed[0] if field.facts.allowed else "2030-01-01" if field.facts.format else "x"
        value = {"boolean": field.default is not True, "integer": 1, "number": 1, "string": text}.get(field.kind)
    return [value] if field.many else value


def body(method: str, path: str, value: Any) -> dict[str, Any]:
    required = {"amount": {"balanceType": "Points"}}
    first, _, second = path.partition(".")
    return MINIMAL[method] | {first: required.get(first, {}) | {second: value} if second else value}


def check(method: str, raw: dict[str, Any]) -> None:
    refuse_later(method, bind(REQUESTS[method], raw))


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_later_input_is_refused_by_name(method: str, path: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check(method, body(method, path, example(field_at(method, path))))
    assert refused.value.message.startswith(f"{path} is not available yet")


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_later_input_at_its_default_or_empty_is_not_refused(method: str, path: str) -> None:
    field = field_at(method, path)
    empty: Any = [] if field.many else {} if field.model else field.default if field.default is not None else None
    for value in (None, empty):
        check(method, body(method, path, value))


@pytest.mark.parametrize("method", REQUESTS)
def test_a_request_without_later_input_passes(method: str) -> None:
    if method in MINIMAL:
        check(method, MINIMAL[method])


def test_false_and_zero_ask_for_nothing() -> None:
    check("updateBalance", body("updateBalance", "amount.convertToMainCurrency", False))
    check("checkout", {"recommendationAmount": 0, "isSetup": False, "coupons": [], "childCardNumber": ""})


def test_clearing_a_field_of_a_later_part_is_using_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LATER_INPUT, "reactivate", ("alternateCustomer",))  # under a name without checks in the cache
    request = bind(REQUESTS["updateAccount"], {"cardNumber": "1", "alternateCustomer": {"firstName": ""}})
    with pytest.raises(InvalidInput, match="alternateCustomer"):
        refuse_later("reactivate", request)


def test_later_return_fields_exist() -> None:
    for method, paths in LATER_RETURN.items():
        assert all(field_at(method, path).kind in ("boolean", "integer") for path in paths)
