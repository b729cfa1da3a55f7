"""Digests of secrets."""

from apps.brands.core.secrets import digest, matches


def test_digest_fits_its_secret_only() -> None:
    stored = digest("secret", pepper=b"pepper")
    assert len(stored) == 32
    assert matches("secret", stored, pepper=b"pepper")
    assert not matches("Secret", stored, pepper=b"pepper")
    assert not matches("secret", stored, pepper=b"salt")


def test_column_values_are_compared_too() -> None:
    assert matches("ä", memoryview(digest("ä", pepper=b"p")), pepper=b"p")
