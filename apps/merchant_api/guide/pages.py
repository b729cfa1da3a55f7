"""The pages of the guide. They are public: who integrates reads first and gets a login later, or never."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from apps.merchant_api.guide.chapters import BY_NAME, CHAPTERS
from apps.merchant_api.guide.markdown import chapter_html, coloured
from apps.merchant_api.guide.reference import described
from apps.merchant_api.table import METHODS

by_login = cache_control(private=True, no_store=True)
"""The frame of the pages differs for those who are logged in."""


@require_safe
def start(http: HttpRequest) -> HttpResponse:
    """The first chapter."""
    return redirect("guide_chapter", name=CHAPTERS[0].name)


@require_safe
@by_login
def chapter(http: HttpRequest, name: str) -> HttpResponse:
    """One chapter."""
    found = BY_NAME.get(name)
    if found is None:
        raise Http404("The guide has no such chapter.")
    place = CHAPTERS.index(found)
    around = {"before": CHAPTERS[place - 1] if place else None, "after": next(iter(CHAPTERS[place + 1 :]), None)}
    return _page(http, "guide/chapter.html", chapter=found, text=chapter_html(found), **around)


@require_safe
@by_login
def methods(http: HttpRequest) -> HttpResponse:
    """All methods."""
    return _page(http, "guide/methods.html")


@require_safe
@by_login
def method(http: HttpRequest, name: str) -> HttpResponse:
    """One method with all its fields."""
    if name not in METHODS:
        raise Http404("The JSON API has no such method.")
    found = described(name)
    return _page(http, "guide/method.html", method=found, example=coloured(found.example, "json"))


def _page(http: HttpRequest, template: str, **context: Any) -> HttpResponse:
    summaries = [(name, each.summary) for name, each in METHODS.items()]
    return render(http, template, context | {"chapters": CHAPTERS, "methods": summaries})
