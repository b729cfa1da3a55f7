"""The command: runs the named measures, or all of them in this order, and exits with 1 when a goal is missed."""

import argparse
import importlib
import sys
import time

from bench.stage import open_stage

MEASURES = (
    "update_balance",
    "against_orm",
    "hot_card",
    "open_lots",
    "growth",
    "statements",
    "checkout",
    "search",
    "import_cards",
    "product",
)


def main() -> int:
    """Run the measures and print their results, each as soon as it is known."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(MEASURES)}; default: all")
    parser.add_argument("--quick", action="store_true", help="shorter rounds and 200,000 cards instead of a million")
    options = parser.parse_args()
    if unknown := set(options.names) - set(MEASURES):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    results = []
    with open_stage(quick=options.quick) as stage:
        for name in options.names or MEASURES:
            module = importlib.import_module(f"bench.measures.{name}")
            begin = time.monotonic()
            print(f"\n{name}: {(module.__doc__ or '').splitlines()[0]}", flush=True)
            for result in module.measure(stage):
                print(f"  {result}", flush=True)
                results.append(result)
            print(f"    ({time.monotonic() - begin:.0f} s)", flush=True)
    missed = [result.name for result in results if not result.is_met]
    print(f"\n{len(results) - len(missed)} of {len(results)} goals met." + "".join(f"\n  missed: {n}" for n in missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
