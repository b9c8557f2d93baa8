"""Runs in Odoo: measures cases on one database and writes what came out as JSON."""

import json
import sys

import odoo.cli  # noqa: F401  sets Odoo up
from odoo.modules.registry import Registry
from odoo.tools import config

from . import measure
from .arguments import make_sayer, read_arguments


def main():
    """Measure some cases, one after the other."""
    options = read_arguments()
    registry = _load(options.database)
    results = [
        measure.measure(registry, case, options.repeats, make_sayer(case))
        for case in options.cases
    ]
    options.results.write_text(json.dumps(results))
    return 0


def _load(database):
    arguments = [f"--database={database}", f"--db-filter=^{database}$"]
    arguments += ["--max-cron-threads=0", "--log-level=error"]
    config.parse_config(arguments, setup_logging=True)
    return Registry(database)


if __name__ == "__main__":
    sys.exit(main())
