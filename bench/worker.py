"""Runs in Odoo: measures cases on one database and keeps what came out."""

import sys

import odoo.cli  # noqa: F401  sets Odoo up
from odoo.modules.registry import Registry
from odoo.tools import config

from . import measure
from .arguments import measure_all, read_arguments


def main():
    """Measure some cases, one after the other."""
    options = read_arguments()
    registry = _load(options.database)
    measure_all(
        options,
        lambda case, say: measure.measure(registry, case, options.repeats, say),
    )
    return 0


def _load(database):
    arguments = [f"--database={database}", f"--db-filter=^{database}$"]
    arguments += ["--max-cron-threads=0", "--log-level=error"]
    config.parse_config(arguments, setup_logging=True)
    return Registry(database)


if __name__ == "__main__":
    sys.exit(main())
