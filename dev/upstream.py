"""`./run upstream`: Odoo's own suites, with the addons installed and loaded.

Odoo runs its `at_install` tests while it installs a module, before any module that
depends on it is loaded. Here everything is loaded first.
"""

import argparse
import json

from . import addons, browser, console, database, locks, paths, server

# Three minutes of the five and a half, on all that orders and components touch.
SMALL = ",".join(
    (
        *("/mrp:TestMrpOrder", "/mrp:TestMrpCancelMO", "/mrp:TestUnbuild"),
        *("/mrp:TestMrpProductionBackorder", "/mrp:TestMrpWorkorderBackorder"),
        *("/mrp:TestConsumeComponent", "/mrp:TestManualConsumption"),
        *("/mrp:TestBoM", "/mrp:TestMrpByProduct", "/mrp:TestProcurement"),
        *("/mrp_account:TestMrpAccount", "/mrp_subcontracting:TestSubcontractingFlows"),
        "/mrp_product_expiry",
    )
)
# With mrp_account loaded these fail on stock Odoo: their users may not read what it
# adds, or they delete what it still reads.
FAIL_ON_STOCK_ODOO = (
    "mrp.tests.test_bom.TestBoM.test_archive_operations",
    "mrp.tests.test_order.TestMrpOrder.test_basic",
    "mrp.tests.test_stock.TestKitPicking.test_scrap_consu_kit_not_available",
    "mrp.tests.test_stock.TestKitPicking.test_scrap_storable_kit_not_available",
)


def main(arguments):
    """Run the suites; 0 if all pass, or if all is as in the results compared with."""
    options = parse(arguments)
    browser.ensure()
    before = read(options.compare) if options.compare else None
    with server.ready() as odoo, locks.first_free("upstream") as number:
        name = f"backflush_upstream_{number}"
        _prepare_database(odoo, name, options)
        results_file = paths.STATE / f"{name}.json"
        results_file.unlink(missing_ok=True)
        runner = ("-m", "dev.upstream_runner", name, results_file)
        code = odoo.python(*runner, *arguments, cwd=paths.ROOT)
        if not results_file.exists():
            raise console.Stop(f"The suites broke off (code {code}).")
        results = read(results_file)
    if options.results:
        paths.Path(options.results).write_text(json.dumps(results, indent=1))
    if before is None:
        return code
    return 1 if print_differences(before, results) else 0


def parse(arguments):
    """What `./run upstream` was asked for."""
    parser = argparse.ArgumentParser(prog="./run upstream", allow_abbrev=False)
    add = parser.add_argument
    add("--without-addon", action="store_true", help="the baseline: stock Odoo")
    add("--flag-on", action="store_true", help="backflush every new bill of materials")
    add("--small", action="store_true", help="only the part that CI runs")
    add("--modules", default=",".join(database.TESTED), help="default: %(default)s")
    like = "as Odoo's --test-tags: /mrp:TestMrpOrder.test_x"
    add("--tags", metavar="SPEC", help=like)
    add("--results", metavar="FILE", help="write the outcome of each test as JSON")
    add("--compare", metavar="FILE", help="say what differs from earlier results")
    return parser.parse_args(arguments)


def _prepare_database(odoo, name, options):
    modules = tuple(options.modules.split(","))
    template = database.template(odoo, tuple({*modules, *database.TESTED}))
    database.clone(template, name)
    if not options.without_addon:
        with console.step(f"Installing {', '.join(addons.names())}"):
            database.install(odoo, name, addons.names())


def read(file):
    """Results of an earlier run: `{test: how it ended}`."""
    return json.loads(paths.Path(file).read_text())


def print_differences(before, after):
    """Print the tests that did not end as before; whether there are some."""
    changed = [test for test in before if after.get(test) != before[test]]
    for test in sorted({*changed, *(after.keys() - before.keys())}):
        print(f"{test}\n  before: {before.get(test)}\n  now:    {after.get(test)}")
    print(f"{len(changed)} of {len(before)} tests ended differently")
    return after != before
