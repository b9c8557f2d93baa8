"""`./run bench`: the same orders by stock Odoo and by the addon, in one run."""

import argparse
import json

from bench import cases, chart, report

from . import console, database, locks, paths, server

ADDON = "backflush_auto"
EPILOG = """\
Every case is played in a database that is thrown away. In turns, stock Odoo and the
addon get the same orders on the same stock, and each run is taken back before the next.
The exit code is 1 where they wrote different rows. docs/performance.md says how to read
the table.

cases: {names}
"""


def main(arguments):
    """Measure the chosen cases and print a table; 1 where rows differ."""
    options = _parser().parse_args(arguments)
    options.broken = False
    chosen = _choose(options)
    results = []
    with server.ready() as odoo, locks.exclusive("bench", "it measures, too"):
        for modules in dict.fromkeys(case.modules for case in chosen):
            some = [case for case in chosen if case.modules == modules]
            results += _measure(odoo, modules, some, options)
    order = [case.name for case in chosen]
    results.sort(key=lambda result: order.index(result["name"]))
    print(report.write_tables(results))
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))
    if options.svg:
        options.svg.write_text(chart.draw(results))
    return 1 if options.broken or report.find_differences(results) else 0


def _parser():
    parser = argparse.ArgumentParser(
        prog="./run bench",
        epilog=EPILOG.format(names=", ".join(cases.BY_NAME)),
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--quick", action="store_true", help="small cases only, within three minutes")
    add("--case", metavar="NAME", nargs="+", help="some cases; default: all")
    some = f"{cases.REPEATS}, and {cases.QUICK_REPEATS} with --quick"
    of_each = f"of each case; default: {some}"
    add("--repeats", metavar="N", type=_read_count, help=of_each)
    add("--json", metavar="FILE", type=paths.Path, help="write every figure of the run")
    add("--svg", metavar="FILE", type=paths.Path, help="draw the ratios")
    return parser


def _read_count(text):
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be 1 or more, not {text}")
    return int(text)


def _choose(options):
    known = {case.name: case for case in (cases.QUICK if options.quick else cases.ALL)}
    names = options.case or list(known)
    if unknown := set(names) - known.keys():
        raise console.Stop(
            f"No case {', '.join(sorted(unknown))}: there are {', '.join(known)}."
        )
    return [known[name] for name in dict.fromkeys(names)]


def _measure(odoo, modules, chosen, options):
    """Measure cases that need the same modules, in a database of their own."""
    name = f"backflush_bench_{len(modules)}"
    template = database.template(odoo, modules)
    database.clone(template, name)
    try:
        with console.step(f"Installing {ADDON}"):
            database.install(odoo, name, [ADDON])
        return [
            result
            for program in ("worker", "clients")
            for result in _run(odoo, program, name, chosen, options)
        ]
    finally:
        database.drop(name)


def _run(odoo, program, name, chosen, options):
    """Have a program of `bench` measure the cases that are its own."""
    live = program == "clients"
    names = [case.name for case in chosen if (case.flow == "clients") == live]
    if not names:
        return []
    results = paths.STATE / f"{name}.json"
    default = cases.QUICK_REPEATS if options.quick else cases.REPEATS
    command = ["-m", f"bench.{program}", name, results, *names]
    repeats = options.repeats or default
    command += ["--repeats", repeats, *(["--quick"] if options.quick else [])]
    results.unlink(missing_ok=True)
    try:
        if code := odoo.python(*command, cwd=paths.ROOT):
            options.broken = True
            console.say(f"The measuring of {', '.join(names)} broke off (code {code}).")
        return json.loads(results.read_text()) if results.exists() else []
    finally:
        results.unlink(missing_ok=True)
