"""The page behind the link in a message that asks to confirm an opt-in. For everybody who has the link: no login.

Opening it changes nothing: programs that look at links in e-mails open them too. The button does.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.brands.models import Brand
from apps.kernel.errors import Refusal
from apps.kernel.ids import new_id
from apps.messaging.links import Link, read_link
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import Origin
from apps.transactions.operations.confirm_opt_in import StaleLink, confirm_opt_in


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def opt_in(http: HttpRequest, token: str) -> HttpResponse:
    """Ask, and after the button say that it is done. 404 for a link that is not ours or too old, or of another address
    than the customer has now."""
    link = read_link(token)
    brand = Brand.objects.filter(pk=link.brand_id, is_active=True).first() if link else None
    if link is None or brand is None:
        raise Http404
    context = {"brand": brand, "channel": link.channel}
    if http.method != "POST":
        return render(http, "portal/opt_in/page.html", context)
    try:
        _confirm(link)
    except StaleLink as stale:
        raise Http404 from stale
    except Refusal:
        return render(http, "portal/opt_in/page.html", context | {"is_busy": True}, status=503)
    return render(http, "portal/opt_in/page.html", context | {"is_done": True})


def _confirm(link: Link) -> None:
    now = timezone.now()
    call = Call(id=new_id(), brand_id=link.brand_id, origin=Origin.PORTAL, now=now, moment=now)
    confirm_opt_in(call=call, link=link)
