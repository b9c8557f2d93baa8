"""Runs scenarios, and finds the fewest steps of one that fails."""

import contextlib
import copy
import gc
import json
import traceback
from collections import Counter

from psycopg2 import Error as DatabaseError

from odoo.exceptions import RedirectWarning, UserError

from .checks import Broken
from .event import Event, Skip
from .oracle import Oracle
from .rules import Rules
from .snapshot import Snapshot
from .steps import STEPS
from .world import World

REFUSED = (UserError, RedirectWarning)


class _TakeBack(Exception):
    pass


class Failure:
    """A step after which a rule does not hold.

    :param number: of the step
    :param rule: the name of the rule
    :param message: what is wrong
    """

    def __init__(self, number, rule, message):
        self.number = number
        self.rule = rule
        self.message = message


class Runner:
    """Runs scenarios on the products of a pool, and takes each back.

    :param pool: :class:`.pool.Pool`
    """

    def __init__(self, pool):
        self.pool = pool
        self.counts = {}
        self.reasons = Counter()

    def run(self, scenario):
        """Run a scenario.

        :return: :class:`Failure`, or None
        """
        return self.take_back(lambda: self._run_steps(scenario))

    def take_back(self, run):
        """Run something, and leave the database as it was.

        :return: what it answers
        """
        result = None
        with contextlib.suppress(_TakeBack), self.pool.env.cr.savepoint():
            result = run()
            raise _TakeBack
        self.pool.env.invalidate_all()
        return result

    def _run_steps(self, scenario):
        world = World(self.pool, scenario["world"])
        before = Snapshot(world.setup)
        oracle = Oracle(world)
        rules = Rules(world, oracle, before)
        for number, step in enumerate(scenario["steps"]):
            try:
                event = self.do(world, step)
                after = Snapshot(world.setup)
                self.count(step["do"], event)
                if event:
                    oracle.follow(event, before, after)
                    rules.check(event, before, after)
                    self._repeat(event, world, after)
            except Broken as broken:
                return Failure(number, broken.rule, str(broken))
            except Exception as error:  # noqa: BLE001 any other is what is looked for
                if isinstance(error, DatabaseError):
                    return Failure(number, "no traceback", traceback.format_exc())
                rule = f"no traceback ({type(error).__name__})"
                return Failure(number, rule, traceback.format_exc())
            before = after
        return None

    def do(self, world, step):
        """Do a step; what is refused is taken back, as the server would."""
        # Odoo looks an environment up among all that are not collected yet.
        gc.collect()
        values = {name: value for name, value in step.items() if name != "do"}
        event = Event(step["do"])
        try:
            with world.env.cr.savepoint():
                STEPS[step["do"]].run(world, event, **values)
        except Skip:
            return None
        except REFUSED as error:
            event.refused = error
        except ValueError as error:
            if not self._is_odoos_own(world, event, error):
                raise
            event.refused = error
        return event

    def _is_odoos_own(self, world, event, error):
        """Whether Odoo cannot number the backorder of an order of its own.

        A merge deletes the group of the orders that it merges; those that were split
        from one with them are in none then. It is mended where they are backflushed.
        """
        orders = world.env["mrp.production"].browse(event.orders)
        lost = orders.filtered(lambda o: not o.backflush and not o.production_group_id)
        return bool(lost) and str(error) == "max() arg is an empty sequence"

    def _repeat(self, event, world, after):
        """What is repeated is answered as before, and changes nothing."""
        if not event.repeat or event.refused:
            return
        first, again = event.repeat()
        if first != again:
            raise Broken("the same is answered", f"{first}, then {again}")
        changes = after.changes(Snapshot(world.setup))
        if changes:
            raise Broken("what is repeated changes nothing", str(changes[:5]))

    def count(self, name, event):
        """Count what became of the steps: what is always refused tests nothing."""
        what = "skipped" if event is None else "refused" if event.refused else "done"
        counts = self.counts.setdefault(name, {"done": 0, "refused": 0, "skipped": 0})
        counts[what] += 1
        if what == "refused":
            kind = getattr(event.refused, "backflush_kind", "")
            reason = kind or str(event.refused).strip()[:60]
            self.reasons[name, reason] += 1

    def describe_counts(self):
        """How often each step was done, refused and skipped."""
        return "\n".join(
            f"{name:12}"
            + "".join(f"{what:>9} {number:5}" for what, number in counts.items())
            for name, counts in sorted(self.counts.items())
        ) + "".join(
            f"\n{number:5} {name}: {reason}"
            for (name, reason), number in self.reasons.most_common()
        )

    def shrink(self, scenario, failure, run):
        """Leave out all steps and lines that the same failure does not need.

        :param run: what runs the scenario
        :return: the scenario that is left, and its failure
        """
        scenario = copy.deepcopy(scenario)
        del scenario["steps"][failure.number + 1 :]
        position = 0
        while position < len(scenario["steps"]):
            less = copy.deepcopy(scenario)
            del less["steps"][position]
            found = run(less)
            if found and found.rule == failure.rule:
                scenario, failure = less, found
                del scenario["steps"][failure.number + 1 :]
            else:
                position += 1
        for position in reversed(range(len(scenario["world"]["lines"]))):
            less = copy.deepcopy(scenario)
            del less["world"]["lines"][position]
            if not less["world"]["lines"]:
                break
            found = run(less)
            if found and found.rule == failure.rule:
                scenario, failure = less, found
        return scenario, failure


def describe(scenario, failure):
    """A failure in words, and the scenario as it can be replayed."""
    lines = [
        f"Seed {scenario['seed']}, step {failure.number}: {failure.message}",
        f"World: {json.dumps(scenario['world'])}",
    ]
    lines += [
        f"  {number}. {json.dumps(step)}"
        for number, step in enumerate(scenario["steps"])
    ]
    lines.append(f"Replay it: BACKFLUSH_SCENARIO='{json.dumps(scenario)}'")
    return "\n".join(lines)
