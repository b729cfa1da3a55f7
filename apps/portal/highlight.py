"""Colours for JSON, as classes that portal.css knows in light and dark."""

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import JsonLexer

from apps.portal.core.json_text import Body

LONGEST = 200_000
"""Characters; colouring more would keep the page waiting."""


def highlighted(body: Body) -> SafeString:
    """The body as HTML for a `<pre>`."""
    if not body.is_json or len(body.text) > LONGEST:
        return escape(body.text)
    return mark_safe(highlight(body.text, JsonLexer(), HtmlFormatter(nowrap=True)).rstrip("\n"))  # noqa: S308
