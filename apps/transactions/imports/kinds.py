"""The kinds of files that can be imported."""

from collections.abc import Callable

from apps.jobs.operations.run_import import Importer
from apps.transactions.imports.cards import CardsImporter
from apps.transactions.imports.customers import CustomersImporter
from apps.transactions.imports.products import ProductsImporter
from apps.transactions.imports.setting import Setting
from apps.transactions.imports.transactions import TransactionsImporter

KINDS: dict[str, Callable[[Setting], Importer]] = {
    "cards": CardsImporter,
    "customers": CustomersImporter,
    "products": ProductsImporter,
    "transactions": TransactionsImporter,
}
