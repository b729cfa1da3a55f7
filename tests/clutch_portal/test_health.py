"""/healthz and /readyz, as load balancers ask."""

import logging

import pytest
from django.test import Client, override_settings
from pytest import LogCaptureFixture

PROBES = ["/healthz", "/readyz"]


@pytest.mark.parametrize("path", PROBES)
def test_probes_are_answered_whatever_the_host_header_says(client: Client, path: str) -> None:
    with override_settings(ALLOWED_HOSTS=["portal.example.com"], SECURE_SSL_REDIRECT=True):
        answer = client.get(path, headers={"host": "10.0.0.7:8000"})

    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", PROBES)
def test_probes_only_read(client: Client, path: str) -> None:
    assert client.head(path).status_code == 200
    assert client.post(path).status_code == 405


def test_pages_still_refuse_hosts_that_are_not_ours_without_raising_an_alarm(
    client: Client, caplog: LogCaptureFixture
) -> None:
    answer = client.get("/accounts/login/", headers={"host": "elsewhere.example.com"})

    assert answer.status_code == 400
    refused = [record for record in caplog.records if record.name == "django.security.DisallowedHost"]
    assert [(record.levelno, record.exc_info) for record in refused] == [(logging.INFO, None)]
