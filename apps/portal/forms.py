"""Forms of the portal."""

from collections.abc import Mapping
from typing import Any

from django import forms

from apps.brands.core.codes import LONGEST_NAME
from apps.brands.models import Brand, Location
from apps.catalog.queries.product_page import Wanted
from apps.kernel.methods import METHODS


class ApiCredentialForm(forms.Form):
    """Name and scopes of a new API key. Nothing ticked in a scope means everything."""

    name = forms.CharField(
        max_length=LONGEST_NAME,
        help_text="What uses the key, so that you know which one to revoke: “Tills of the east coast”.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    methods = forms.MultipleChoiceField(
        choices=[(name, name) for name in METHODS], required=False, widget=forms.CheckboxSelectMultiple
    )
    locations = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    once = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Location.objects.filter(brand=brand).order_by("name").values_list("code", "name")
        field = self.fields["locations"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(places)


class ProductFilterForm(forms.Form):
    """The filters of the products; `categories` are the ways to them by code."""

    text = forms.CharField(required=False, label="SKU or name")
    category = forms.ChoiceField(
        required=False, label="Category", error_messages={"invalid_choice": "There is no such category."}
    )
    tag = forms.CharField(required=False, label="Tag")
    state = forms.ChoiceField(
        required=False,
        label="State",
        choices=[("", "Any"), ("active", "Active"), ("inactive", "Inactive")],
        error_messages={"invalid_choice": "Products are active or inactive."},
    )

    def __init__(self, *args: Any, categories: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Any"), *categories.items()]

    @property
    def wanted(self) -> Wanted:
        """The filters, once they are valid."""
        found = self.cleaned_data
        is_active = {"active": True, "inactive": False}.get(found["state"])
        return Wanted(text=found["text"], category=found["category"], tag=found["tag"], is_active=is_active)

    def shown(self, name: str) -> str:
        """What a filter's value is called."""
        value = str(self.cleaned_data[name])
        return str(dict(getattr(self.fields[name], "choices", ())).get(value, value))
