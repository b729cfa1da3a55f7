"""Admin > API Credentials."""

import re

from django.conf import settings
from django.test import Client

from apps.brands.core.secrets import matches
from apps.brands.models import ApiCredential
from tests.portal.acme import Acme, OpenAs
from tests.portal.together import together

LIST = "/admin/api-credentials/"
NEW = LIST + "new/"


def form(client: Client, **facts: object) -> dict[str, object]:
    """What a browser sends: the facts and the form's hidden token."""
    return {"name": "Web shop", "once": client.get(NEW).context["once"]} | facts


def create(client: Client, **facts: object) -> str:
    answer = client.post(NEW, form(client, **facts))
    assert answer.status_code == 200
    return answer.content.decode()


def test_secret_is_shown_once_and_fits(acme: Acme, bob: Client) -> None:
    page = create(bob)
    secret = re.search(r'id="secret"[^>]*>([^<]+)<', page)[1]
    credential = ApiCredential.objects.get(brand=acme.brand)
    assert matches(secret, credential.secret_digest, pepper=settings.API_PEPPER)
    assert secret not in bob.get(LIST).content.decode()
    assert credential.key in bob.get(LIST).content.decode()


def test_scopes_are_kept(acme: Acme, bob: Client) -> None:
    create(bob, methods=["search", "checkout"], locations=["downtown"])
    credential = ApiCredential.objects.get(brand=acme.brand)
    assert credential.methods == ["checkout", "search"]
    assert credential.location_codes == ["downtown"]
    assert credential.created_by.startswith("bob-")


def test_unknown_scope_is_refused(acme: Acme, bob: Client) -> None:
    create(bob, methods=["nonsense"], locations=["elsewhere"])
    assert not ApiCredential.objects.filter(brand=acme.brand).exists()


def test_page_with_the_secret_is_not_cached(bob: Client) -> None:
    assert "no-store" in bob.post(NEW, form(bob))["Cache-Control"]


def test_reload_makes_no_second_key(acme: Acme, bob: Client) -> None:
    facts = form(bob)
    assert bob.post(NEW, facts).status_code == 200
    again = bob.post(NEW, facts)
    assert again.status_code == 409
    assert "sent before" in again.content.decode()
    assert ApiCredential.objects.filter(brand=acme.brand).count() == 1


def test_two_clicks_at_once_make_one_key(acme: Acme, bob: Client) -> None:
    facts = form(bob)
    answers = together(lambda: bob.post(NEW, facts).status_code, lambda: bob.post(NEW, facts).status_code)
    assert sorted(answers) == [200, 409]
    assert ApiCredential.objects.filter(brand=acme.brand).count() == 1


def test_token_of_another_session_makes_no_key(acme: Acme, bob: Client, open_as: OpenAs) -> None:
    eve = open_as(acme.login("eve", "administrator"))
    assert eve.post(NEW, form(bob)).status_code == 409
    assert not ApiCredential.objects.filter(brand=acme.brand).exists()


def test_form_with_a_mistake_can_be_sent_again(acme: Acme, bob: Client) -> None:
    page = bob.post(NEW, form(bob, name=""))
    assert bob.post(NEW, {"name": "Web shop", "once": page.context["once"]}).status_code == 200


def test_revoke_asks_first(acme: Acme, bob: Client) -> None:
    create(bob)
    credential = ApiCredential.objects.get(brand=acme.brand)
    assert "cannot be taken back" in bob.get(f"{LIST}{credential.pk}/revoke/").content.decode()
    credential.refresh_from_db()
    assert credential.revoked_at is None


def test_revoked_key_stays_listed(acme: Acme, bob: Client) -> None:
    create(bob)
    credential = ApiCredential.objects.get(brand=acme.brand)
    page = bob.post(f"{LIST}{credential.pk}/revoke/", follow=True).content.decode()
    assert "Revoked" in page
    assert credential.key in page


def test_other_brands_key_cannot_be_revoked(charlies: Acme, bob: Client, open_as: OpenAs) -> None:
    create(open_as(charlies.login("charlie", "administrator")))
    theirs = ApiCredential.objects.get(brand=charlies.brand)
    assert bob.post(f"{LIST}{theirs.pk}/revoke/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.revoked_at is None
    assert theirs.key not in bob.get(LIST).content.decode()


def test_support_has_no_api_keys(alice: Client) -> None:
    assert alice.get(LIST).status_code == 403
    assert alice.post(NEW, {"name": "Web shop"}).status_code == 403


def test_form_needs_its_token(acme: Acme) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(acme.login("bob", "administrator"))
    answer = client.post(NEW, {"name": "Web shop"})
    assert answer.status_code == 403
    assert "Please try again" in answer.content.decode()
    assert not ApiCredential.objects.filter(brand=acme.brand).exists()


def test_change_is_noted_with_its_user(acme: Acme) -> None:
    bob, client = acme.login("bob", "administrator"), Client()
    client.force_login(bob)
    create(client)
    credential = ApiCredential.objects.get(brand=acme.brand)
    event = ApiCredential.pgh_event_model.objects.get(pgh_obj=credential)
    assert event.pgh_context.metadata["user"] == bob.pk
