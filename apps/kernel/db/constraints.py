"""Constraints that Django does not have."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

Editor = BaseDatabaseSchemaEditor | None


class BrandForeignKey(models.BaseConstraint):
    """FOREIGN KEY (brand_id, x) REFERENCES t (brand_id, y): a row can only point inside its own brand."""

    def __init__(
        self, *, name: str, columns: Sequence[str], to: str, to_columns: Sequence[str] = ("brand_id", "id")
    ) -> None:
        super().__init__(name=name)
        self.columns, self.to, self.to_columns = tuple(columns), to, tuple(to_columns)

    # Django takes None for "nothing to run now"; its stubs only know of text.
    def constraint_sql(self, model: Any, schema_editor: Editor) -> None:  # type: ignore[override]
        """Nothing inside CREATE TABLE: the key is added when all tables and unique keys of the migration stand."""
        self.create_sql(model, schema_editor)

    def create_sql(self, model: Any, schema_editor: Editor) -> None:  # type: ignore[override]
        """Queue the ALTER TABLE that adds the key for the end of the migration."""
        assert schema_editor is not None
        quote = schema_editor.quote_name

        def listed(names: Sequence[str]) -> str:
            return ", ".join(map(quote, names))

        schema_editor.deferred_sql.append(
            f"ALTER TABLE {quote(model._meta.db_table)} ADD CONSTRAINT {quote(self.name)}"
            f" FOREIGN KEY ({listed(self.columns)}) REFERENCES {quote(self.to)} ({listed(self.to_columns)})"
        )

    def remove_sql(self, model: Any, schema_editor: Editor) -> str:
        """The ALTER TABLE that drops the constraint."""
        assert schema_editor is not None
        quote = schema_editor.quote_name
        return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Nothing to do in Python: the database checks it."""

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, kwargs | {"columns": self.columns, "to": self.to, "to_columns": self.to_columns}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BrandForeignKey) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash(self.name)
