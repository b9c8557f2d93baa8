"""`./run neighbours`: addons of others and ours in one database, and both sides' tests.

The addons of others are tested without ours first: each of their tests must end as it
did. Then our contract is tested beside them.
"""

import argparse
import re

from . import addons, browser, console, database, locks, paths, server, upstream, venv

LIST = paths.DEV / "neighbours.txt"
APART = paths.STATE / "neighbours-venv"
NAME = "backflush_neighbours"
# what people and programs rely on, of each capability
CONTRACT = ",".join(
    f"/backflush_auto:{name}"
    for name in (
        *("TestCompletion", "TestPost", "TestBatch", "TestPreview", "TestParts"),
        *("TestShortage", "TestLots", "TestBackorder", "TestOperation", "TestUnits"),
        *("TestCorrection", "TestScrap", "TestDeferral", "TestStrict", "TestOverrides"),
    )
)


def main(arguments):
    """Install, test, compare; 0 if nothing ended differently and the contract holds."""
    parser = argparse.ArgumentParser(prog="./run neighbours", description=__doc__)
    parser.add_argument("names", nargs="*", help="some of them: stock_no_negative …")
    options = parser.parse_args(arguments)
    packages = _choose(options.names)
    browser.ensure()
    with console.step("Installing them into an environment of their own"):
        venv.create(APART)
        venv.claim_odoo(APART)
        venv.install("-r", venv.REQUIREMENTS, *packages.values(), environment=APART)
    with server.ready() as odoo, locks.exclusive(NAME, "it tests the same addons"):
        apart = odoo.apart(APART, venv.addons_folder(APART), paths.ROOT)
        return _test(odoo, apart, packages)


def _choose(names):
    """The packages to install: `{name of the addon: requirement}`."""
    requirements = re.findall(r"^odoo-addon-.*", LIST.read_text(), re.MULTILINE)
    known = {re.split("-addon-|==", line)[1]: line for line in requirements}
    if unknown := set(names) - set(known):
        raise console.Stop(f"Not in {LIST.name}: {', '.join(sorted(unknown))}")
    return {name: known[name] for name in names or known}


def _test(odoo, apart, packages):
    database.clone(database.template(odoo), NAME)
    with console.step(f"Installing {', '.join(packages)}"):
        database.install(apart, NAME, packages)
    database.clone(NAME, f"{NAME}_alone")
    with console.step("Their tests, without ours"):
        before = _run(apart, f"{NAME}_alone", packages, "standard")
    with console.step(f"Installing {', '.join(addons.names())}"):
        database.install(apart, NAME, addons.names())
    with console.step("Their tests, beside ours"):
        after = _run(apart, NAME, packages, "standard")
    with console.step("Our contract"):
        ours = _run(apart, NAME, ["backflush_auto"], CONTRACT)
    database.drop(f"{NAME}_alone")
    database.drop(NAME)
    broken = upstream.print_differences(before, after)
    failed = {test: how for test, how in ours.items() if how != "passed"}
    for test, how in failed.items():
        print(f"{test}\n  {how}")
    print(f"{len(ours) - len(failed)} of {len(ours)} tests of the contract passed")
    return 1 if broken or failed else 0


def _run(apart, name, modules, tags):
    """How each test of some modules ended."""
    results = paths.STATE / f"{name}.json"
    results.unlink(missing_ok=True)
    runner = ("-m", "dev.upstream_runner", name, results)
    arguments = ("--modules", ",".join(modules), "--tags", tags)
    apart.python(*runner, *arguments, cwd=paths.ROOT)
    if not results.exists():
        raise console.Stop("The tests broke off.")
    return upstream.read(results)
