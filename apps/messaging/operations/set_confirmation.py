"""Say what asks people to confirm an opt-in."""

from apps.brands.models import Brand
from apps.kernel.errors import InvalidInput
from apps.messaging.core.kinds import Channel
from apps.messaging.core.templates import require_good
from apps.messaging.models import Confirmation


def set_confirmation(
    *, brand: Brand, channel: Channel, body: str, subject: str = "", is_active: bool = True
) -> Confirmation:
    """Make or replace the template of a channel. From then on it goes out whenever an opt-in begins to wait for its
    confirmation. 9 for other channels than e-mail and SMS, an empty text, an e-mail without subject, a bad template."""
    if channel not in (Channel.EMAIL, Channel.SMS):
        raise InvalidInput("Opt-ins are confirmed by e-mail or SMS.")
    if not body.strip() or (channel == Channel.EMAIL and not subject.strip()):
        raise InvalidInput("A confirmation needs a text, and an e-mail a subject.")
    require_good(subject, name="subject")
    require_good(body, name="body")
    row, _ = Confirmation.objects.update_or_create(
        brand=brand,
        channel=channel.value,
        defaults={"subject": subject, "body": body, "is_active": is_active},
    )
    return row
