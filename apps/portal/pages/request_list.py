"""What the request list and its CSV file share: the filtered requests and the chips that tell how."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest

from apps.lookups.queries.portal_requests import visible_requests
from apps.portal.access import Visitor
from apps.portal.core.chips import Chip, chips
from apps.portal.filters import RequestFilter
from apps.requestlog.models import Request


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The requests that fit the URL; none while a filter of the URL makes no sense."""

    filter: RequestFilter
    active: dict[str, str]
    is_valid: bool
    requests: "QuerySet[Request]"

    @property
    def chips(self) -> list[Chip]:
        """The active filters."""
        form = self.filter.form
        return chips(((name, form.fields[name].label, self._shown(name)) for name in self.active), self.active)

    def _shown(self, name: str) -> str:
        value = self.filter.form.cleaned_data.get(name)
        labels = dict(getattr(self.filter.form.fields[name], "choices", ())) if name in ("outcome", "error") else {}
        return str(labels.get(value, value or self.active[name]))


def narrowed(http: HttpRequest, visitor: Visitor) -> Narrowed:
    """Read the filters of a URL."""
    everything = visible_requests(brand=visitor.brand, locations=visitor.locations)
    filter = RequestFilter(http.GET, queryset=everything, visitor=visitor)
    active = {name: http.GET[name].strip() for name in filter.filters if http.GET.get(name, "").strip()}
    is_valid = filter.is_valid()
    return Narrowed(filter, active, is_valid, filter.qs if is_valid else everything.none())
