"""Whether a message may go out: every level has a say."""

import pytest

from apps.customers.core.lists import OUT, ListState, ListWrite
from apps.customers.core.subscriptions import Subscription
from apps.customers.core.third_parties import NO_LINK, Link
from apps.messaging.core.consent import Consent, asks_to_confirm, why_not
from apps.messaging.core.kinds import Channel, Purpose, Reason

EMAIL, SMS = Channel.EMAIL, Channel.SMS
IN = Link(opt_in=True)
MUST = Link(opt_in=True, opt_in_confirmation_required=True)
DONE = Link(opt_in=True, opt_in_confirmation_required=True, opt_in_confirmed=True)
GLOBALLY_IN = Subscription(global_opt_in=True)
DOUBLE = Subscription(global_opt_in=True, double_opt_in=True)
CONFIRMED = Subscription(global_opt_in=True, double_opt_in=True, double_opt_in_confirmed=True)
PENDING = ListState(opt_in=True, is_pending=True)
LISTED = ListState(opt_in=True, is_confirmed=True)

CASES: list[tuple[Channel, Consent, Reason | None]] = [
    (EMAIL, Consent(), Reason.NOT_OPTED_IN),
    (EMAIL, Consent(link=Link(opt_in=False)), Reason.NOT_OPTED_IN),
    (EMAIL, Consent(link=IN), None),
    (EMAIL, Consent(link=MUST), Reason.PENDING),
    (EMAIL, Consent(link=DONE), None),
    (EMAIL, Consent(link=IN, subscription=Subscription()), Reason.GLOBALLY_OUT),
    (EMAIL, Consent(link=IN, subscription=GLOBALLY_IN), None),
    (EMAIL, Consent(link=IN, subscription=DOUBLE), Reason.PENDING),
    (EMAIL, Consent(link=DONE, subscription=DOUBLE), Reason.PENDING),
    (EMAIL, Consent(link=MUST, subscription=CONFIRMED), Reason.PENDING),
    (EMAIL, Consent(link=IN, subscription=CONFIRMED), None),
    (EMAIL, Consent(subscription=CONFIRMED), Reason.NOT_OPTED_IN),
    (EMAIL, Consent(link=IN, list_state=OUT), Reason.NOT_OPTED_IN),
    (EMAIL, Consent(link=IN, list_state=LISTED), None),
    (EMAIL, Consent(link=IN, subscription=GLOBALLY_IN, list_state=LISTED, is_list_out=True), Reason.NOT_OPTED_IN),
    (SMS, Consent(link=IN), Reason.PENDING),
    (SMS, Consent(link=DONE), None),
    (SMS, Consent(link=IN, subscription=CONFIRMED), None),
    (SMS, Consent(link=IN, subscription=DOUBLE), Reason.PENDING),
    (SMS, Consent(link=IN, subscription=GLOBALLY_IN), None),
    (SMS, Consent(link=DONE, list_state=PENDING), Reason.PENDING),
    (SMS, Consent(link=DONE, list_state=LISTED), None),
    (Channel.SOCIAL, Consent(link=IN), None),
    (Channel.SOCIAL, Consent(), Reason.NOT_OPTED_IN),
    (Channel.WEBHOOK, Consent(), None),
    (EMAIL, Consent(link=None), Reason.NOT_OPTED_IN),
    (EMAIL, Consent(link=None, subscription=CONFIRMED), None),
]


@pytest.mark.parametrize(("channel", "consent", "reason"), CASES)
def test_notification(channel: Channel, consent: Consent, reason: Reason | None) -> None:
    assert why_not(channel, Purpose.NOTIFICATION, consent) == reason


@pytest.mark.parametrize(("channel", "consent", "reason"), [each for each in CASES if each[0] in (EMAIL, SMS)])
def test_a_request_to_confirm_goes_out_exactly_where_a_notification_waits(
    channel: Channel, consent: Consent, reason: Reason | None
) -> None:
    expected = {Reason.PENDING: None, None: Reason.NOTHING_TO_CONFIRM}.get(reason, reason)
    assert why_not(channel, Purpose.CONFIRMATION, consent) == expected


@pytest.mark.parametrize(
    ("third_party", "before", "after", "asks"),
    [
        ("email", NO_LINK, MUST, True),
        ("email", MUST, MUST, False),
        ("email", NO_LINK, IN, False),
        ("email", IN, MUST, True),
        ("email", NO_LINK, DONE, False),
        ("phone", NO_LINK, IN, True),
        ("phone", NO_LINK, Link(opt_in=True, opt_in_confirmed=True), False),
        ("twitter", NO_LINK, MUST, False),
    ],
)
def test_who_is_asked(third_party: str, before: Link, after: Link, asks: bool) -> None:
    assert asks_to_confirm(third_party, before=before, after=after, lists=[], writes=[]) is asks


def test_a_list_that_begins_to_wait_asks_once() -> None:
    done = Link(opt_in=True, opt_in_confirmed=True)
    writes = [ListWrite(1, PENDING)]
    for before, asks in ((OUT, True), (PENDING, False)):
        found = asks_to_confirm("phone", before=done, after=done, lists=[(1, before)], writes=writes)
        assert found is asks
