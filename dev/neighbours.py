"""`./run neighbours`: addons of others and ours in one database, and both sides' tests.

The addons of others are tested without ours first: each of their tests must end as it
did. Then our contract is tested beside them. The log says which of our shorter ways
they switch off. All of it is printed as a table, a row for each addon.
"""

import argparse
import json
import re
import subprocess

from . import addons, browser, console, database, locks, paths, server, upstream, venv

LIST = paths.DEV / "neighbours.txt"
APART = paths.STATE / "neighbours-venv"
RESULTS = paths.STATE / "neighbours"
NAME = "backflush_neighbours"
# what people and programs rely on, of each capability
CONTRACT = ",".join(
    f"/backflush_auto:{name}"
    for name in (
        *("TestCompletion", "TestPost", "TestBatch", "TestPreview", "TestParts"),
        *("TestShortage", "TestLots", "TestBackorder", "TestOperation", "TestUnits"),
        *("TestCorrection", "TestScrap", "TestDeferral", "TestStrict", "TestOverrides"),
        *("TestLimit", "TestForbidden"),
    )
)
SWITCHED_OFF = re.compile(
    r"overridden: (.+): as slow as in Odoo, because (\S+) is extended by (.+)\.$", re.M
)
HEAD = """\
| addon | version | its tests | beside ours | our contract | as slow as in Odoo |
| --- | --- | --- | --- | --- | --- |"""


def main(arguments):
    """Install, test, compare; 0 if nothing ended differently and the contract holds."""
    parser = argparse.ArgumentParser(prog="./run neighbours", description=__doc__)
    parser.add_argument("names", nargs="*", help="some of them: stock_no_negative …")
    table = "print what earlier runs have found, and test nothing"
    parser.add_argument("--table", action="store_true", help=table)
    options = parser.parse_args(arguments)
    groups = _choose(options.names)
    if not options.table:
        browser.ensure()
        _make_environment()
        with server.ready() as odoo, locks.exclusive(NAME, "it tests the same addons"):
            apart = odoo.apart(APART, venv.addons_folder(APART), paths.ROOT)
            _test(odoo, apart, groups)
    return _print(groups)


def _choose(names):
    """The groups that these addons are in, or all: lists of `{addon: requirement}`."""
    groups = []
    for paragraph in LIST.read_text().split("\n\n"):
        lines = re.findall(r"^odoo-addon-.*", paragraph, re.MULTILINE)
        groups.append({re.split("-addon-|==", line)[1]: line for line in lines})
    if unknown := set(names).difference(*groups):
        raise console.Stop(f"Not in {LIST.name}: {', '.join(sorted(unknown))}")
    return [group for group in groups if group and (not names or group.keys() & names)]


def _make_environment():
    wanted = LIST.read_text() + venv.REQUIREMENTS.read_text()
    stamp = APART / "complete"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    packages = [line for group in _choose([]) for line in group.values()]
    with console.step("Installing them into an environment of their own"):
        venv.create(APART)
        venv.claim_odoo(APART)
        venv.install("-r", venv.REQUIREMENTS, *packages, environment=APART)
    stamp.write_text(wanted)


def _test(odoo, apart, groups):
    """Test group after group; how each ended is kept in a file."""
    RESULTS.mkdir(exist_ok=True)
    plain, ours = database.template(odoo), f"{NAME}_ours"
    with console.step(f"Installing {', '.join(addons.names())}"):
        database.clone(plain, ours)
        database.install(apart, ours, addons.names())
    for group in groups:
        with console.step(f"{', '.join(group)}, without ours"):
            before, _log = _run(apart, plain, group, "standard")
        with console.step(f"{', '.join(group)}, beside ours"):
            tags = ",".join((*(f"/{name}" for name in group), CONTRACT))
            after, log = _run(apart, ours, group, tags, "backflush_auto")
        found = {"before": before, "after": after, "log": SWITCHED_OFF.findall(log)}
        _get_file(group).write_text(json.dumps(found, indent=1))
    database.drop(ours)


def _run(apart, template, group, tags, *more):
    """Install a group into a copy of a database, and test it.

    :return: how each test ended, and the log
    """
    database.clone(template, NAME)
    database.install(apart, NAME, group)
    results = paths.STATE / f"{NAME}.json"
    results.unlink(missing_ok=True)
    runner = ("-m", "dev.upstream_runner", NAME, results)
    arguments = ("--modules", ",".join((*group, *more)), "--tags", tags)
    log = paths.LOGS / f"neighbours-{next(iter(group))}{'-ours' if more else ''}.log"
    options = {"cwd": paths.ROOT, "stderr": subprocess.STDOUT}
    with log.open("w") as output:
        apart.python(*runner, *arguments, stdout=output, **options)
    database.drop(NAME)
    if not results.exists():
        raise console.Stop(f"The tests broke off, see {log.relative_to(paths.ROOT)}.")
    return upstream.read(results), log.read_text()


def _get_file(group):
    return RESULTS / f"{next(iter(group))}.json"


def _print(groups):
    """Print the table, then what ended badly; whether something did."""
    print(HEAD)
    found = {}
    for group in groups:
        if _get_file(group).exists():
            found[_get_file(group)] = result = upstream.read(_get_file(group))
            for name, requirement in group.items():
                version = requirement.partition("==")[2]
                print(f"| {' | '.join(_describe(name, version, group, result))} |")
    print()
    return max([_print_problems(result) for result in found.values()], default=1)


def _describe(name, version, group, found):
    """The cells of an addon's row."""
    before, after = (_select(found[when], name) for when in ("before", "after"))
    ours = _select(found["after"], "backflush_auto")
    same = "as without ours" if before == after else "**otherwise**"
    tests = (_count(before) or "none", same if before else "—", _count(ours))
    ways = sorted(_get_ways(name, group, found["log"]))
    return f"`{name}`", version, *tests, "; ".join(ways) or "—"


def _get_ways(name, group, told):
    """The shorter ways that an addon of a group switches off, in words.

    What others do that the group has brought along is told of its first.
    """
    for way, method, origins in map(tuple, told):
        modules = set(re.findall(r"odoo\.addons\.(\w+)", origins))
        if name in modules:
            yield f"{way} (`{method}`)"
        elif name == next(iter(group)) and modules.isdisjoint(group):
            yield f"{way} (`{method}`, by `{'`, `'.join(sorted(modules))}`)"


def _select(outcomes, addon):
    marked = f"odoo.addons.{addon}."
    return {test: how for test, how in outcomes.items() if marked in test}


def _count(outcomes):
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for how in outcomes.values():
        counts[how.partition(":")[0].replace("error", "failed")] += 1
    return ", ".join(f"{count} {how}" for how, count in counts.items() if count)


def _print_problems(found):
    ours = _select(found["after"], "backflush_auto")
    theirs = {test: how for test, how in found["after"].items() if test not in ours}
    failed = {t: how for t, how in ours.items() if how.startswith(("failed", "error"))}
    for test, how in failed.items():
        print(f"{test}\n  {how}")
    is_otherwise = found["before"] != theirs
    if is_otherwise:
        upstream.print_differences(found["before"], theirs)
    return int(is_otherwise or bool(failed))
