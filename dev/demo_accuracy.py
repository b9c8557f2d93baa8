"""Runs in Odoo's shell: a factory whose recipes drift, until they are mended.

The first run makes the factory and lets fourteen weeks go by in it: ten until the
corrections are accepted, four with them. It is kept; later runs print what it holds.
"""

import textwrap

from tabulate import tabulate

from odoo.tools import format_amount

from odoo.addons.backflush_auto_accuracy.tests.factory import FactoryAtWork, get_start

BEFORE, AFTER = 10, 4


def main(env):
    """Play the story unless it is there, and tell it in one screen."""
    env = env(user=env.ref("base.user_admin"))
    factory = FactoryAtWork(env, get_start(BEFORE + AFTER))
    if factory.is_new:
        factory.work(BEFORE)
        factory.propose()
        # One is left to be decided on in the browser.
        factory.find_proposals()[:-1].action_accept()
        factory.work(AFTER)
        factory.propose()
        env.cr.commit()
    tell(factory)


def tell(factory):
    """Print what was planted, what was found, and what became of it."""
    print("\nA garden furniture factory: 24 components, 6 products, ten weekly counts.")
    print("What is wrong in it, and what its counts have told:\n")
    rows = [(*row, "yes" if is_found else "no") for *row, is_found in factory.compare()]
    print_table(("planted", "of", "what", "found", "right"), rows)
    false = factory.find_false()
    print(f"\nLines that are right and were to be changed all the same: {len(false)}.")
    accepted = factory.find_proposals("accepted")
    print("\nMended:")
    for proposal in accepted:
        print(textwrap.indent(textwrap.fill(proposal.explanation, 86), "  "))
    names = [
        component
        for product, component in (it.names for it in factory.plan.mistakes[:4])
        if factory.get_line(product, component) in accepted.bom_line_id
    ]
    currency = factory.env.company.currency_id
    before, after = (
        format_amount(
            factory.env, factory.get_weekly_drift(names, *weeks), currency
        ).replace("\N{NO-BREAK SPACE}", " ")
        for weeks in ((BEFORE - 3, BEFORE), (BEFORE + 1, BEFORE + AFTER))
    )
    print(f"\nThese components drifted by {before} a week before, and {after} since.")
    left = len(factory.find_proposals())
    print(f"{left} correction waits in Accuracy ‣ Proposals; see the Dashboard there.")


def print_table(titles, rows):
    """Print rows, indented."""
    print(textwrap.indent(tabulate(rows, titles, "plain", disable_numparse=True), "  "))


main(env)  # noqa: F821  Odoo's shell defines it
