"""The callType of calls that left no operation: reads and refusals."""

from collections.abc import Mapping

from apps.kernel.methods import METHODS
from apps.requestlog.core.kinds import CallType

_OF_METHODS: Mapping[str, CallType] = {
    "allocate": CallType.ALLOCATE,
    "allocateChildCard": CallType.ALLOCATE,
    "cardHistory": CallType.ACCOUNT_HISTORY,
    "checkout": CallType.CHECKOUT_COMPLETE,
    "checkoutLookup": CallType.REPORTING,
    "listEventTypes": CallType.REPORTING,
    "listRequests": CallType.REPORTING,
    "listSubscriptionLists": CallType.REPORTING,
    "listValueTypes": CallType.REPORTING,
    "requestLookup": CallType.REPORTING,
    "returnMerchandise": CallType.RETURN_MERCHANDISE,
    "search": CallType.SEARCH,
    "transfer": CallType.TRANSFER,
    "updateAccount": CallType.UPDATE_ACCOUNT,
    "updateBalance": CallType.UPDATE_BALANCE,
    "voidTransaction": CallType.VOID,
}


def call_type_of(method: int) -> CallType | None:
    """The callType of a method, given by the number under which the log keeps it; None for one that has none."""
    return _OF_METHODS.get(METHODS[method])
