"""The kinds of files that can be imported."""

from collections.abc import Callable

from apps.jobs.operations.run_import import Importer
from apps.transactions.imports.cards import CardsImporter
from apps.transactions.imports.setting import Setting

KINDS: dict[str, Callable[[Setting], Importer]] = {
    "cards": CardsImporter,
}
