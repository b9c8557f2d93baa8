"""For `odoo shell`: what is found of the mistakes of simulated components.

Nothing is read from the database or written to it. `COMPONENTS` says how many there
are, `SEED` where the random numbers begin.
"""

import os
import time

import numpy as np
from tabulate import tabulate

from odoo.addons.backflush_auto_accuracy.accuracy.simulation import (
    plant,
    propose,
    propose_by_least_squares,
    score,
)

COMPONENTS = int(os.environ.get("COMPONENTS", 400))
SEED = int(os.environ.get("SEED", 1))
WAYS = (("this addon", propose), ("least squares", propose_by_least_squares))


def main():
    rows = []
    for counts in (10, 20):
        rng = np.random.default_rng(SEED)
        components = [plant(rng, counts) for _number in range(COMPONENTS)]
        for name, how in WAYS:
            result = score(components, how)
            rows.append(
                (
                    counts,
                    name,
                    result.proposals,
                    f"{result.precision:.1%}",
                    f"{result.recall:.1%}",
                    f"{100 * result.error:.2f}",
                    f"{result.false_alarms} of {result.clean}",
                )
            )
    titles = ("counts", "by", "proposals", "right", "wrong lines found")
    print(tabulate(rows, (*titles, "nine in ten within pp", "false alarms")))
    rng = np.random.default_rng(SEED)
    components = [plant(rng, 52) for _number in range(100)]
    start = time.monotonic()
    score(components)
    each = (time.monotonic() - start) / len(components)
    print(f"\n5000 components of 52 counts take {5000 * each:.0f} s.")


main()
