"""The statements of updateBalance and checkout with their plans in the large database.

PostgreSQL plans the first five executions of a prepared statement with their values and then keeps one generic plan,
if that does not seem much dearer. Both is looked at: whether the generic plans stay away from scans of whole tables,
and whether they are used, since planning each call anew costs about as much as carrying it out.
"""

import json
from collections.abc import Iterator
from typing import Any

from bench.brand import card_number, update_balance
from bench.inprocess import InProcess
from bench.result import Result
from bench.stage import Stage

CALLS = 60
SMALL_TABLES = {"brands_clock"}
_PREPARED = """SELECT name, statement, cardinality(parameter_types), generic_plans, custom_plans
 FROM pg_prepared_statements WHERE statement ILIKE 'with%%' OR statement ILIKE 'select k.%%'"""


def measure(stage: Stage) -> Iterator[Result]:
    """Make calls in this process, then ask its session for the prepared statements and their plans."""
    stage.use(stage.large)
    product = InProcess(stage.till)
    for method, body in (("updateBalance", update_balance), ("checkout", _checkout)):
        for number in range(CALLS):
            product.call(body(number * 997, redeem=number % 2 == 0), method)
        yield from _look(method)


def _look(method: str) -> Iterator[Result]:
    from django.db import connection

    raw = connection.connection
    raw.execute("SET plan_cache_mode = force_generic_plan")
    scans, generic, custom = [], 0, 0
    for name, statement, parameters, kept, planned in raw.execute(_PREPARED).fetchall():
        text = f"EXPLAIN (FORMAT JSON) EXECUTE {name} ({', '.join(['NULL'] * parameters)})"
        plan = raw.execute(text).fetchone()[0]
        plan = json.loads(plan) if isinstance(plan, str) else plan
        found = list(_nodes(plan[0]["Plan"]))
        generic, custom = generic + kept, custom + planned
        _show(statement, found, kept, planned)
        scans += [
            node for node in found if node["Node Type"] == "Seq Scan" and node["Relation Name"] not in SMALL_TABLES
        ]
    raw.execute("RESET plan_cache_mode")
    raw.execute("DEALLOCATE ALL")
    connection.close()
    yield Result(f"{method}: scans of whole tables", len(scans), 0, at_most=True)
    yield Result(f"{method}: executions with a kept plan", generic / (generic + custom), 0.8)


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from _nodes(below)


def _show(statement: str, nodes: list[dict[str, Any]], kept: int, planned: int) -> None:
    print(f"    {' '.join(statement.split())[:150]} ...")
    print(f"      plan kept {kept} times, made anew {planned} times")
    for node in nodes:
        if "Relation Name" in node:
            where = f"{node['Node Type']} {node['Relation Name']} {node.get('Index Name', '')}".rstrip()
            print(f"      {where}, {node['Plan Rows']:.0f} rows expected")


def _checkout(place: int, *, redeem: bool) -> bytes:
    payment = {"amount": 7, "balanceType": "Currency", "balanceCode": "USD", "redeemBalance": True}
    body = {
        "cardNumber": card_number(place),
        "checkoutTotal": 25,
        "products": [{"sku": f"SKU-{number}", "quantity": 1, "unitPrice": 5} for number in range(5)],
        "paymentMethods": [payment] if redeem else [],
    }
    return json.dumps(body).encode()
