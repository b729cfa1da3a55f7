"""The table of contents of the guide. Each chapter is a Markdown file in `docs/guide`."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Chapter:
    """One page; its name is also that of its file."""

    name: str
    title: str

    @property
    def file(self) -> Path:
        """Where its text is."""
        return FOLDER / f"{self.name}.md"


FOLDER = Path(settings.BASE_DIR) / "docs/guide"
EXAMPLES = FOLDER / "examples"

CHAPTERS = (
    Chapter("getting-started", "Getting started"),
    Chapter("authentication", "Authentication"),
    Chapter("requests", "Requests and answers"),
    Chapter("idempotence", "Idempotence"),
    Chapter("errors", "Errors and retries"),
    Chapter("cards", "Cards and customers"),
    Chapter("balances", "Balances and holds"),
    Chapter("checkouts", "Checkouts"),
    Chapter("returns", "Voids and returns"),
    Chapter("coupons", "Coupons"),
    Chapter("events", "Events and subscriptions"),
    Chapter("campaigns", "Campaigns in answers"),
)
BY_NAME = {chapter.name: chapter for chapter in CHAPTERS}
