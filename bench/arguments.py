"""What `./run bench` hands to the programs that measure."""

import argparse
import json
import sys
from pathlib import Path

from . import cases


def read_arguments():
    """The database, the cases, the repeats and the file for the results."""
    parser = argparse.ArgumentParser()
    parser.add_argument("database")
    parser.add_argument("results", type=Path)
    parser.add_argument("names", nargs="+")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--repeats", type=int, required=True)
    options = parser.parse_args()
    known = cases.QUICK if options.quick else cases.ALL
    options.cases = [case for case in known if case.name in options.names]
    return options


def measure_all(options, measure):
    """Measure every case; what is measured is kept though the next one breaks off.

    :param measure: function of a case and of one that tells what is going on
    """
    results = []
    for case in options.cases:
        results.append(measure(case, _make_sayer(case)))
        options.results.write_text(json.dumps(results))


def _make_sayer(case):
    """A function that tells what is going on with a case."""
    return lambda text: print(f"    {case.name}: {text}", file=sys.stderr, flush=True)
