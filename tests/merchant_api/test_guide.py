"""The pages of the API guide."""

import re

import pytest
from django.test import Client

from apps.merchant_api.explained import CODES
from apps.merchant_api.guide.chapters import CHAPTERS, EXAMPLES, FOLDER
from apps.merchant_api.table import METHODS

TEXTS = {chapter.name: chapter.file.read_text() for chapter in CHAPTERS}


def page(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_address_of_the_guide_leads_to_the_first_chapter() -> None:
    assert Client().get("/api/guide/").url == "/api/guide/getting-started/"


def test_every_file_is_a_chapter_and_every_example_is_shown() -> None:
    assert {file.stem for file in FOLDER.glob("*.md")} == set(TEXTS)
    shown = set(re.findall(r"\(examples/([\w-]+)\.sh\)", "".join(TEXTS.values())))
    assert shown == {file.stem for file in EXAMPLES.glob("*.sh")}


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_anybody_can_read_a_chapter(chapter: object) -> None:
    html = page(f"/api/guide/{chapter.name}/")
    assert f'<h1 id="{chapter.title.lower().replace(" ", "-")}">{chapter.title}</h1>' in html
    assert "](" not in html
    assert "examples/" not in html
    for forbidden in (" style=", "<style", " onclick=", "<script>"):
        assert forbidden not in html


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_links_between_chapters_lead_to_pages(chapter: object) -> None:
    for path in set(re.findall(r'href="(/api[^"#]*)', page(f"/api/guide/{chapter.name}/"))):
        assert Client().get(path, follow=True).status_code == 200


def test_an_example_stands_there_in_all_languages_with_what_it_prints() -> None:
    html = page("/api/guide/balances/")
    assert [f'data-language="{suffix}"' in html for suffix in ("sh", "py", "mjs", "php")] == [True] * 4
    assert "free 75.00, nothing held" in html


def test_all_error_codes_are_in_the_guide() -> None:
    html = page("/api/guide/errors/")
    assert all(f'<strong class="digits">{code.value}</strong>' in html for code in CODES)


def test_codes_to_retry_in_the_text_are_the_right_ones() -> None:
    told = re.search(r"\*\*Retry\*\* ([\d, ]+),", TEXTS["errors"])[1]
    assert told == ", ".join(str(code.value) for code, meaning in CODES.items() if meaning.retry)


@pytest.mark.parametrize("name", METHODS)
def test_every_method_has_a_page_with_all_its_fields(name: str) -> None:
    html = page(f"/api/guide/methods/{name}/")
    assert f"/api/guide/methods/{name}/" in page("/api/guide/methods/")
    assert all(
        f"<code>{field}</code>" in html
        for field in METHODS[name].request.__struct_encode_fields__
        if field != "sentKeys"
    )
    assert "<code>requestRef</code>" in html


@pytest.mark.parametrize("path", ["nothing/", "methods/nothing/"])
def test_unknown_pages_answer_404(path: str) -> None:
    assert Client().get(f"/api/guide/{path}").status_code == 404
