"""The chapters as HTML.

They are plain Markdown, so that they can be read where the repository is read. Two kinds of links become more than a
link here when they stand alone in a paragraph: one to a file in `examples/` becomes that example in all languages, and
one to `explained.py` becomes the table of error codes.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from apps.merchant_api.explained import CODES, label
from apps.merchant_api.guide.chapters import BY_NAME, EXAMPLES, Chapter

LANGUAGES = (
    ("sh", "curl", "bash"),
    ("py", "Python", "python"),
    ("mjs", "JavaScript", "javascript"),
    ("php", "PHP", "php"),
)
"""Suffix of the files, name for people, name for the highlighter."""


@cache
def chapter_html(chapter: Chapter) -> SafeString:
    """The text of a chapter. Our own files only: nothing in it comes from outside."""
    markdown = MarkdownIt("commonmark").enable("table")
    markdown.add_render_rule("fence", _fence)
    markdown.add_render_rule("table_open", lambda *_: _TABLE_OPEN)
    markdown.add_render_rule("table_close", lambda *_: "</table></div>")
    tokens = _expanded(markdown.parse(chapter.file.read_text()))
    html: str = markdown.renderer.render(tokens, markdown.options, {})
    return mark_safe(html)  # noqa: S308


def coloured(text: str, language: str) -> SafeString:
    """Code as HTML for a `<pre>`."""
    return mark_safe(highlight(text, get_lexer_by_name(language), HtmlFormatter(nowrap=True)).rstrip("\n"))  # noqa: S308


_TABLE_OPEN = '<div class="table-responsive" tabindex="0"><table class="table">'


def _fence(renderer: RendererProtocol, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    return f'<pre class="code" tabindex="0"><code>{coloured(token.content, token.info or "text")}</code></pre>'


def _expanded(tokens: list[Token]) -> list[Token]:
    """The tokens with examples and codes in the place of their paragraphs, ids at headings, links to pages."""
    found: list[Token] = []
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", _slug(tokens[index + 1].content))
        if token.type == "inline":
            _lead_to_pages(token)
        block = _block(token)
        if block is None:
            found.append(token)
        else:
            found[-1] = Token("html_block", "", 0, content=block)
            tokens[index + 1].hidden = True
    return found


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _lead_to_pages(inline: Token) -> None:
    for token in inline.children or ():
        name, dot, rest = str(token.attrGet("href") or "").partition(".md")
        if token.type == "link_open" and dot and name in BY_NAME:
            token.attrSet("href", reverse("guide_chapter", args=[name]) + rest)


def _block(token: Token) -> str | None:
    children = token.children or []
    if token.type != "inline" or [child.type for child in children] != ["link_open", "text", "link_close"]:
        return None
    target = str(children[0].attrGet("href"))
    if target.startswith("examples/"):
        return _example(target.removeprefix("examples/").rpartition(".")[0], children[1].content)
    return _codes() if target.endswith("/explained.py") else None


def _example(name: str, title: str) -> str:
    files = [(EXAMPLES / f"{name}.{suffix}", suffix, known, lexer) for suffix, known, lexer in LANGUAGES]
    output = EXAMPLES / f"{name}.txt"
    context = {
        "name": name,
        "title": title,
        "languages": [
            {"suffix": suffix, "label": known, "html": coloured(file.read_text(), lexer)}
            for file, suffix, known, lexer in files
        ],
        "output": output.read_text().rstrip("\n") if output.exists() else "",
    }
    return render_to_string("guide/_example.html", context)


def _codes() -> str:
    return render_to_string("guide/_codes.html", {"codes": [(code.value, label(code), CODES[code]) for code in CODES]})
