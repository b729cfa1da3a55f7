"""What the log may say."""

import logging

import pytest
from django.test import Client

from tests.portal.story import ADDRESS, member
from tests.shop import Shop


def test_what_was_looked_for_is_not_logged(acme: Shop, caplog: pytest.LogCaptureFixture) -> None:
    analyst = Client()
    analyst.force_login(member(acme, "analyst"))
    with caplog.at_level(logging.INFO):
        assert analyst.get("/find/", {"q": ADDRESS}).status_code == 403
    assert "/find/" in caplog.text
    assert ADDRESS not in caplog.text
