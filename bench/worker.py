"""Runs in Odoo: measures cases on one database and writes what came out as JSON."""

import argparse
import json
import sys
from pathlib import Path

import odoo.cli  # noqa: F401  sets Odoo up
from odoo.modules.registry import Registry
from odoo.tools import config

from . import cases, measure


def main():
    """Measure some cases, one after the other."""
    options = _parser().parse_args()
    registry = _load(options.database)
    chosen = cases.QUICK if options.quick else cases.ALL
    results = []
    for case in (case for case in chosen if case.name in options.cases):
        repeats = min(options.repeats, case.most_repeats)
        results.append(measure.measure(registry, case, repeats, _sayer(case)))
    options.results.write_text(json.dumps(results))
    return 0


def _parser():
    parser = argparse.ArgumentParser()
    parser.add_argument("database")
    parser.add_argument("results", type=Path)
    parser.add_argument("cases", nargs="+")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--repeats", type=int, required=True)
    return parser


def _load(database):
    arguments = [f"--database={database}", f"--db-filter=^{database}$"]
    arguments += ["--max-cron-threads=0", "--log-level=error"]
    config.parse_config(arguments, setup_logging=True)
    return Registry(database)


def _sayer(case):
    return lambda text: print(f"    {case.name}: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
