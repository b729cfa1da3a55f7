"""Model fields shared by all apps."""

from typing import Any

from django.db import models


class AmountField(models.DecimalField):  # type: ignore[type-arg]
    """An amount of any value type: numeric(18,6). The value type's own scale is checked before SQL sees the amount."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_digits"], kwargs["decimal_places"] = 18, 6
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_digits"], kwargs["decimal_places"]
        return name, path, args, kwargs


_UNGUARDED: dict[str, Any] = {
    "on_delete": models.DO_NOTHING,
    "db_constraint": False,
    "db_index": False,
    "related_name": "+",
}


class BrandKey(models.ForeignKey):  # type: ignore[type-arg]
    """`brand_id`, the first column of every tenant key. No constraint and no index of its own: hot tables must not
    take a share lock on the brand's row with every call, and the composite keys start with this column anyway."""

    def __init__(self, to: str = "brands.Brand", **kwargs: Any) -> None:
        super().__init__(to, **_UNGUARDED | kwargs)


class SoftKey(models.ForeignKey):  # type: ignore[type-arg]
    """A reference inside the brand. The database guards it by a `BrandForeignKey`, or not at all on hot tables."""

    def __init__(self, to: Any, **kwargs: Any) -> None:
        super().__init__(to, **_UNGUARDED | kwargs)
