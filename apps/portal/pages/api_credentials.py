"""Admin > API Credentials: list, make one, revoke one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from apps.brands.models import ApiCredential
from apps.brands.operations.create_api_credential import create_api_credential
from apps.brands.operations.revoke_api_credential import revoke_api_credential
from apps.brands.queries.api_credentials import api_credentials
from apps.kernel.errors import InvalidInput
from apps.portal.access import Visitor, page
from apps.portal.forms import ApiCredentialForm
from apps.portal.once import new_token, spend


@page(permission="manage_api_credentials")
def listing(http: HttpRequest, visitor: Visitor) -> HttpResponse:
    """All keys of the brand."""
    return render(http, "portal/api_credentials/page.html", {"credentials": api_credentials(brand=visitor.brand)})


@page(permission="manage_api_credentials", methods=("GET", "HEAD", "POST"))
def new(http: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The form, and as its answer the page that shows the secret, which is shown nowhere else."""
    form = ApiCredentialForm(http.POST or None, brand=visitor.brand)
    created = None
    if http.method == "POST" and form.is_valid():
        if not spend(http, form.cleaned_data["once"]):
            return render(http, "portal/api_credentials/sent_twice.html", status=409)
        created = _create(visitor, form)
    if created is None:
        return render(http, "portal/api_credentials/new.html", {"form": form, "once": new_token(http)})
    credential, secret = created
    return render(http, "portal/api_credentials/created.html", {"credential": credential, "secret": secret})


def _create(visitor: Visitor, form: ApiCredentialForm) -> tuple[ApiCredential, str] | None:
    try:
        return create_api_credential(
            brand=visitor.brand,
            name=form.cleaned_data["name"],
            methods=form.cleaned_data["methods"],
            location_codes=form.cleaned_data["locations"],
            created_by=visitor.user.get_username(),
            now=timezone.now(),
        )
    except InvalidInput as refusal:
        form.add_error(None, refusal.message)
        return None


@page(permission="manage_api_credentials", methods=("GET", "HEAD", "POST"))
def revoke(http: HttpRequest, visitor: Visitor, credential_id: int) -> HttpResponse:
    """Ask, then revoke."""
    credential = api_credentials(brand=visitor.brand).filter(pk=credential_id).first()
    if credential is None:
        raise Http404("No such API key.")
    if http.method != "POST":
        return render(http, "portal/api_credentials/revoke.html", {"credential": credential})
    revoke_api_credential(brand=visitor.brand, credential_id=credential.pk, now=timezone.now())
    messages.success(http, f"{credential.name} is revoked. Calls with its key are refused from now on.")
    return redirect("portal:api_credentials")
