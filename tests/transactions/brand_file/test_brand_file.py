"""brand_export and brand_import: from one brand into another and back, without a difference."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from apps.brands.models import Brand, Clock, Location, Terminal
from apps.campaigns.models import Budget, Campaign, Revision
from apps.campaigns.operations.publish_revision import publish_revision
from apps.campaigns.queries.published import published_campaigns
from apps.catalog.models import Category, Product
from apps.customers.models import SubscriptionList
from apps.programs.models import ValueType
from apps.transactions.brand_file.import_brand import ChangedMeanwhile, compare, import_brand, read_file
from tests.shop import Shop, open_shop

EXAMPLE = Path(__file__).parents[3] / "docs" / "brand-file.md"
Edit = Callable[[str], str]


def example() -> str:
    """The complete file of the documentation."""
    text = EXAMPLE.read_text()
    return text.split("```yaml\n")[1].split("```")[0]


def fresh() -> str:
    return f"bf-{uuid4().hex[:10]}"


def run(tmp_path: Path, text: str, *, code: str | None = None, **options: Any) -> str:
    file, out = tmp_path / "brand.yaml", StringIO()
    file.write_text(text)
    call_command("brand_import", file, brand=code, stdout=out, **({"yes": True} | options))
    return out.getvalue()


def exported(code: str) -> str:
    out = StringIO()
    call_command("brand_export", brand=code, stdout=out)
    return out.getvalue()


@pytest.fixture
def brand(tmp_path: Path) -> Brand:
    """A brand of its own, as the documentation's example says."""
    code = fresh()
    run(tmp_path, example(), code=code)
    return Brand.objects.get(code=code)


def edited(brand: Brand, old: str, new: str, count: int = 1) -> str:
    text = exported(brand.code)
    assert old in text
    return text.replace(old, new, count)


def test_the_example_makes_a_brand(brand: Brand) -> None:
    assert (brand.name, brand.currency, brand.longest_checkout_lock) == ("Larch Books", "USD", 900)
    assert ValueType.objects.get(brand=brand, balance_type="Currency").maximum == Decimal("1000")
    assert Category.objects.get(brand=brand, code="novels").parent.code == "books"
    (published,) = published_campaigns(brand.pk).campaigns
    assert Budget.objects.get(brand=brand).cap == 5000
    assert Revision.objects.get(brand=brand, state="published").uuid == published.revision_uuid
    assert str(published.campaign_uuid) in example() and str(published.revision_uuid) in example()


def test_the_example_is_what_an_export_of_it_says(brand: Brand) -> None:
    assert exported(brand.code).replace(brand.code, "larch") == example()


def test_an_import_of_an_export_is_the_same_brand(brand: Brand, tmp_path: Path) -> None:
    text, code = exported(brand.code), fresh()
    run(tmp_path, text, code=code)
    assert exported(code).replace(code, brand.code) == text


def test_a_second_import_has_nothing_to_do(brand: Brand, tmp_path: Path) -> None:
    number = Clock.objects.get(brand=brand).config
    said = run(tmp_path, exported(brand.code))
    assert "0 to create, 0 to change" in said and "Nothing to do." in said
    assert Clock.objects.get(brand=brand).config == number


def test_a_dry_run_changes_nothing(brand: Brand, tmp_path: Path) -> None:
    before = exported(brand.code)
    said = run(tmp_path, edited(brand, "name: Larch Books", "name: Larch & Sons"), dry_run=True)
    assert "~ brand" in said and "name: 'Larch Books' -> 'Larch & Sons'" in said and "Nothing was changed" in said
    assert exported(brand.code) == before
    run(tmp_path, example(), code=(code := fresh()), dry_run=True)
    assert not Brand.objects.filter(code=code).exists()


def test_a_dry_run_finds_what_would_be_refused(brand: Brand, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no segment 'nobody'"):
        faulty = "kind: in_segment\n          segments:\n          - nobody\n"
        text = edited(brand, "kind: checkout_total\n", faulty).replace("          minimum: 50\n", "")
        run(tmp_path, text, code=fresh(), dry_run=True)


CHANGES = {
    "name: Larch Books": "name: Larch & Sons",
    "longest_checkout_lock: 900": "longest_checkout_lock: 60",
    "hold_lifetime: P7D": "hold_lifetime: PT12H",
    "name: High Street": "name: High Street 12",
    "timezone: America/Denver": "timezone: America/Boise",
    "name: Till 1": "name: Till one",
    "uses_pins: false": "uses_pins: true",
    "maximum: 1000": "maximum: 999.50",
    "name: Gift cards": "name: Presents",
    "price: 18.50": "price: 19",
    "- bestseller": "- classic",
    "lifetime_days: 60": "lifetime_days: 90",
    "- crime": "- cookery",
    "sentiment: 1": "sentiment: 0",
    "name: Book letter": "name: Letter",
    "description: Bought in two of the last three months": "description: Regulars",
}


@pytest.mark.parametrize("old", CHANGES)
def test_what_the_file_changes_is_changed(brand: Brand, tmp_path: Path, old: str) -> None:
    text = edited(brand, old, CHANGES[old])
    said = run(tmp_path, text)
    assert "0 to create, 1 to change" in said
    assert "Nothing to do." in run(tmp_path, text)


def test_what_the_file_lacks_is_left_alone(brand: Brand, tmp_path: Path) -> None:
    text = exported(brand.code)
    short = text.replace("  - code: till-1\n    name: Till 1\n", "", 1)
    assert short != text
    said = run(tmp_path, short)
    assert "left alone, not in the file: 1 terminal: high-street/till-1" in said
    assert exported(brand.code) == text


def test_a_section_that_is_not_there_says_nothing(brand: Brand, tmp_path: Path) -> None:
    text = exported(brand.code)
    said = run(tmp_path, text[: text.index("groups:")])
    assert said.startswith("0 to create") and "Nothing to do." in said


def test_a_category_can_stand_before_its_parent(brand: Brand, tmp_path: Path) -> None:
    text = exported(brand.code)
    start, end = text.index("categories:"), text.index("products:")
    turned = "categories:\n- code: novels\n  name: Novels\n  parent: books\n- code: books\n  name: Books\n"
    code = fresh()
    run(tmp_path, text[:start] + turned + text[end:], code=code)
    assert Category.objects.get(brand__code=code, code="novels").parent.code == "books"


def test_nothing_of_a_bad_file_is_imported(tmp_path: Path) -> None:
    code = fresh()
    with pytest.raises(CommandError, match=r"Line \d+: .*There is no group 'nowhere'.* Nothing was changed"):
        run(tmp_path, example().replace("group: city", "group: nowhere", 1), code=code)
    assert not Brand.objects.filter(code=code).exists()


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("code: till-1", "code: 17", r"\$.locations\[0\].terminals\[0\].code: Expected `str`, got `int`. Put it in"),
        ("scale: 2", "scale: two", "Expected `int`, got `str`"),
        ("scale: 2", "scale: 7", "A scale is a number of decimals from 0 to 6"),
        ("sku: NOVEL-1", "skew: NOVEL-1", "unknown field `skew`"),
        ("type: gift", "type: present", "Invalid enum value 'present'"),
        ("code: till-2", "code: till-1", "stands twice; take one out"),
        ("timezone: America/Denver", "timezone: Denver", "There is no time zone 'Denver'"),
        ("name: Till 1", "name: Till 1\n    name: Till 2", "'name' stands twice"),
        ("name: Till 1", "name: *till", "write it out"),
        ("name: Till 1", "name: [", "this is no YAML"),
        ("name: Till 1", 'name: "\\0"', r"'\\x00' can be stored nowhere"),
        ("price: 18.50", "price: -1", "must not be below zero"),
        ("kind: checkout_total", "kind: checkout_sum", "checkout_sum"),
        ("trigger: checkout", "trigger: sale", "Invalid enum value 'sale'"),
        ("name: Book letter", "name: ''", "A name is 1 to"),
        ("lifetime_days: 60", "lifetime_days: 0", "A lifetime is 1 to"),
        ("name: Till 1", "name: !!int one", "take the tag tag:yaml.org,2002:int away"),
        ("name: Till 1", "? [name]\n    : Till 1", "the name of a field is a text"),
        ("name: Till 1", 'name: "\\uD800"', r"the character '\\ud800' can be stored nowhere"),
        ("lifetime_days: 60", "expires_at: 0001-01-01T00:00:00+14:00", "a year of our times"),
        ("name: Came to a reading", f"name: X\n  specific: {'x' * 201}", "specific has 1 to 200"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = example()
    if "trigger" in old:
        text = text.replace("      rules:\n      - uuid", "      rules:\n      - trigger: checkout\n        uuid", 1)
    wrong = text.replace(old, new, 1)
    assert wrong != text
    with pytest.raises(CommandError, match=said) as refused:
        run(tmp_path, wrong, code=fresh())
    line = int(str(refused.value).split()[1].strip(":,"))
    assert abs(line - line_of(text, old)) <= 5


@pytest.mark.parametrize("text", ["", "# nothing\n", "\x07", "- 1\n"])
def test_a_file_without_a_brand_is_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(CommandError, match="Nothing was changed") as refused:
        run(tmp_path, text, code=fresh())
    assert "nested too deeply" not in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("hold_lifetime: P7D", "hold_lifetime: -P7D", "hold_lifetime is above zero"),
        ("hold_lifetime: P7D", "hold_lifetime: P9999999D", "at most 3650 days"),
        ("longest_checkout_lock: 900", "longest_checkout_lock: 0", "longest_checkout_lock is above zero, and at most"),
        ("calls_per_minute: 1200", "calls_per_minute: 99999999999", "calls_per_minute is above zero, and at most"),
    ],
)
def test_settings_that_no_call_could_work_with_are_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(CommandError, match=f"Line 3: brand .*{said}"):
        run(tmp_path, example().replace(old, new), code=fresh())


def test_codes_with_slashes_are_not_taken_for_each_other(brand: Brand, tmp_path: Path) -> None:
    """A code is any printable text."""
    till, place = "  - code: a/till-2\n    name: T\n", "- code: high-street/a\n  name: A\n  group: city\n  terminals:\n"
    text = edited(brand, "  - code: till-2\n", f"{till}  - code: till-2\n")
    text = text.replace("- code: web-shop\n", f"{place}{till.replace('a/', '')}- code: web-shop\n")
    run(tmp_path, text)
    assert Terminal.objects.filter(brand=brand, code__endswith="till-2").count() == 3
    assert "Nothing to do." in run(tmp_path, exported(brand.code))


def test_a_name_that_is_taken_is_told_with_its_line(brand: Brand, tmp_path: Path) -> None:
    text = exported(brand.code)
    twin = f"subscription_lists:\n- uuid: {uuid4()}\n  channel: email\n  name: Magazine\n"
    run(tmp_path, text.replace("subscription_lists:\n", twin))
    text = exported(brand.code)
    with pytest.raises(CommandError, match=r"Line \d+: list .*customers_list_name"):
        run(tmp_path, text.replace("name: Magazine", "name: Book letter"))


def test_what_can_never_be_changed_is_refused(brand: Brand, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="scale can never be changed"):
        run(tmp_path, edited(brand, "scale: 2", "scale: 3"))
    with pytest.raises(CommandError, match="data_type can never be changed"):
        run(
            tmp_path,
            edited(brand, "data_type: string", "data_type: date")
            .replace("  - crime\n", "")
            .replace("  choices:\n  - poetry\n", ""),
        )


# --- campaigns -------------------------------------------------------------------------------------------------------


def published_uuid(brand: Brand) -> str:
    return str(Revision.objects.get(brand=brand, state="published").uuid)


def test_another_revision_is_published_and_shown(brand: Brand, tmp_path: Path) -> None:
    new = str(uuid4())
    text = edited(brand, published_uuid(brand), new).replace("value: 5\n", "value: 7\n")
    said = run(tmp_path, text)
    assert f"published: {published_uuid(brand)}" not in said and f"-> {new}" in said
    assert "-    value: 5" in said and "+    value: 7" in said
    assert published_uuid(brand) == new
    assert Revision.objects.filter(brand=brand, state="archived").count() == 1
    assert Campaign.objects.filter(brand=brand).count() == 2


def test_a_published_revision_cannot_say_something_else(brand: Brand, tmp_path: Path) -> None:
    with pytest.raises(
        CommandError, match=r"Line \d+: .*what was published never changes. Give what the file says a new"
    ):
        run(tmp_path, edited(brand, "value: 5\n", "value: 7\n"))


def test_an_older_revision_comes_back(brand: Brand, tmp_path: Path) -> None:
    first, old = exported(brand.code), published_uuid(brand)
    run(tmp_path, edited(brand, old, str(uuid4())))
    run(tmp_path, first)
    assert published_uuid(brand) == old
    assert exported(brand.code) == first


def test_a_draft_is_replaced_and_another_one_takes_its_place(brand: Brand, tmp_path: Path) -> None:
    draft = Revision.objects.get(brand=brand, state="draft")
    run(tmp_path, edited(brand, "threshold: 100", "threshold: 200"))
    draft.refresh_from_db()
    assert (draft.state, draft.definition["rules"][0]["results"][0]["threshold"]) == ("draft", "200")
    run(tmp_path, edited(brand, str(draft.uuid), str(uuid4())))
    draft.refresh_from_db()
    assert draft.state == "archived"


def test_a_draft_that_was_published_here_says_nothing_new(brand: Brand, tmp_path: Path) -> None:
    before = exported(brand.code)
    draft = Revision.objects.get(brand=brand, state="draft")
    publish_revision(brand=brand, campaign_id=draft.campaign_id, now=datetime.now(UTC))
    assert "Nothing to do." in run(tmp_path, before)
    with pytest.raises(CommandError, match="what was published never changes"):
        run(tmp_path, before.replace("threshold: 100", "threshold: 200"))


def test_a_campaign_is_paused_by_the_file(brand: Brand, tmp_path: Path) -> None:
    uuid = Campaign.objects.filter(brand=brand).order_by("pk")[0].uuid
    run(tmp_path, edited(brand, f"- uuid: {uuid}\n", f"- uuid: {uuid}\n  is_paused: true\n"))
    assert published_campaigns(brand.pk).campaigns == ()


def test_what_a_budget_gave_stays_counted(brand: Brand, tmp_path: Path) -> None:
    Budget.objects.filter(brand=brand).update(used=40)
    run(tmp_path, edited(brand, published_uuid(brand), str(uuid4())).replace("cap: 5000", "cap: 10"))
    row = Budget.objects.get(brand=brand)
    assert (row.cap, row.used) == (10, 40)


# --- around it -------------------------------------------------------------------------------------------------------


def test_a_brand_that_trades_is_exported_without_its_secrets(acme: Shop) -> None:
    text = exported(acme.brand.code)
    assert acme.key not in text and acme.secret not in text
    assert "code: main-street" in text


def test_other_brands_are_untouched(acme: Shop, charlie: Shop, tmp_path: Path) -> None:
    theirs = exported(charlie.brand.code)
    run(tmp_path, exported(acme.brand.code).replace("name: Main Street", "name: Main"), code=acme.brand.code)
    assert Location.objects.get(brand=acme.brand, code="main-street").name == "Main"
    assert exported(charlie.brand.code) == theirs


def test_nobody_is_asked_where_nobody_is(brand: Brand, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="add --yes"):
        run(tmp_path, edited(brand, "name: Till 1", "name: One"), yes=False)
    assert Terminal.objects.filter(brand=brand, name="One").count() == 0


def test_what_was_not_shown_is_not_done(brand: Brand) -> None:
    reading = read_file(edited(brand, "name: Till 1", "name: One"))
    shown = compare(reading)
    Terminal.objects.filter(brand=brand, name="Till 1").update(name="Uno")
    with pytest.raises(ChangedMeanwhile):
        import_brand(reading, shown=shown, now=datetime.now(UTC))


def test_an_unknown_brand_and_an_unreadable_file_are_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no brand 'nobody'"):
        exported("nobody")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("brand_import", tmp_path / "none.yaml")


def test_countries_times_and_codes_are_read_as_they_look(tmp_path: Path) -> None:
    code = fresh()
    text = example().replace("country: US", "country: NO", 1).replace("currency: USD", "currency: NOK", 1)
    run(tmp_path, text, code=code)
    assert Brand.objects.get(code=code).country == "NO"
    assert "country: 'NO'" in exported(code)


def test_an_export_goes_to_a_file(acme: Shop, tmp_path: Path) -> None:
    call_command("brand_export", brand=acme.brand.code, file=tmp_path / "out.yaml", stdout=StringIO())
    assert (tmp_path / "out.yaml").read_text() == exported(acme.brand.code)


def test_lists_and_products_keep_what_they_are(brand: Brand) -> None:
    assert SubscriptionList.objects.get(brand=brand).channel == "email"
    product = Product.objects.get(brand=brand, sku="NOVEL-1")
    assert (product.price, product.cost, product.category.code) == (Decimal("18.50"), Decimal("9.25"), "novels")


def test_shops_differ_only_where_they_differ(tmp_path: Path) -> None:
    one, two = open_shop("one"), open_shop("two")
    said = run(tmp_path, exported(one.brand.code), code=two.brand.code)
    assert "0 to create, 1 to change" in said
    assert "name: 'Two' -> 'One'" in said
