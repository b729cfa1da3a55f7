"""Triggers that keep history as it was written."""

import pgtrigger


def append_only() -> pgtrigger.Trigger:
    """Refuse UPDATE, DELETE and TRUNCATE of the whole table: what is written stays."""
    return pgtrigger.Trigger(
        name="append_only",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
        func=_refuse("append-only"),
    )


def never_deleted() -> pgtrigger.Trigger:
    """Refuse DELETE and TRUNCATE: other rows speak of these without a foreign key."""
    return pgtrigger.Trigger(
        name="never_deleted",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Delete | pgtrigger.Truncate,
        func=_refuse("kept for ever"),
    )


def fixed_code() -> pgtrigger.Trigger:
    """Refuse to change `code`: clients, API keys' scopes and every process that runs know the row by it."""
    return pgtrigger.ReadOnly(name="fixed_code", fields=["code"])


def _refuse(why: str) -> str:
    return (
        f"RAISE EXCEPTION '% on % is forbidden: its rows are {why}', TG_OP, TG_TABLE_NAME"
        " USING ERRCODE = 'restrict_violation';"
    )
