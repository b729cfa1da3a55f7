"""Forms of the portal."""

from typing import Any

from django import forms

from apps.brands.core.codes import LONGEST_NAME
from apps.brands.models import Brand, Location
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
