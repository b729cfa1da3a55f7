"""The navigation: a table written by hand, shown as far as the user's permissions go."""

from dataclasses import dataclass

from django.urls import reverse

from apps.accounts.models import User


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the navigation."""

    label: str
    url: str
    icon: str
    is_current: bool

    @property
    def icon_template(self) -> str:
        """The drawing before the label."""
        return f"portal/icons/{self.icon}.svg"


@dataclass(frozen=True, slots=True)
class Section:
    """Some entries under a heading; the first section has none."""

    heading: str
    links: list[Link]


TABLE = (
    ("", (("Overview", "portal:start", "home", "view_requests"),)),
    (
        "Customer service",
        (
            ("Requests", "portal:requests", "list", "view_requests"),
            ("Messages", "portal:messages", "mail", "view_messages"),
        ),
    ),
    (
        "Campaigns",
        (
            ("Campaigns", "portal:campaigns", "flag", "view_campaigns"),
            ("Try it", "portal:simulate", "play", "view_campaigns"),
        ),
    ),
    ("Catalog", (("Products", "portal:products", "tag", "view_catalog"),)),
    ("Admin", (("API Credentials", "portal:api_credentials", "key", "manage_api_credentials"),)),
    (
        "Documentation",
        (
            ("API Guide", "guide", "book", "use_sandbox"),
            ("JSON API Sandbox", "portal:sandbox", "code", "use_sandbox"),
        ),
    ),
)
"""Heading, then label, URL name, icon and permission of each entry."""


def sections_for(*, user: User, path: str) -> list[Section]:
    """The sections in which the user may open at least one page; the entry above `path` is the current one."""
    sections = [
        Section(heading, [_link(entry, path) for entry in entries if user.has_perm(f"portal.{entry[3]}")])
        for heading, entries in TABLE
    ]
    return [section for section in sections if section.links]


def _link(entry: tuple[str, str, str, str], path: str) -> Link:
    label, name, icon, _ = entry
    url = reverse(name)
    return Link(label, url, icon, is_current=path == url or (url != "/" and path.startswith(url)))
