import json
import os
import time

from odoo.tests import TransactionCase, new_test_user, tagged

from .scenarios.drawing import draw, draw_pair
from .scenarios.pairs import Pairs
from .scenarios.pool import Pool
from .scenarios.runner import Runner, describe


def _read(name, default):
    return int(os.environ.get(f"BACKFLUSH_{name}", default))


@tagged("post_install", "-at_install")
class TestScenarios(TransactionCase):
    """Random scenarios: after each step of each of them, all rules hold.

    ``BACKFLUSH_SCENARIOS`` says how many, ``BACKFLUSH_STEPS`` of how many steps each,
    ``BACKFLUSH_SEED`` with which seed the first; ``BACKFLUSH_SCENARIO`` is one that has
    failed, as the failure prints it. ``BACKFLUSH_LOG`` is a file that tells how far it
    is, what fails, and how often each step was done, refused or skipped.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.write(
            {"backflush_default": True, "backflush_shortage": "block"}
        )
        groups = ["mrp.group_mrp_user", "stock.group_stock_user"]
        if cls.env.ref("account.group_account_readonly", raise_if_not_found=False):
            groups.append("account.group_account_readonly")
        cls.worker = new_test_user(cls.env, "scenario", groups=",".join(groups))
        cls.runner = Runner(Pool(cls.env, cls.worker))

    def _run(self, kind, run, draw, default):
        if given := os.environ.get("BACKFLUSH_SCENARIO"):
            scenarios = [json.loads(given)]
            if scenarios[0]["kind"] != kind:
                self.skipTest("The scenario is for the other test.")
        else:
            seed, length = _read("SEED", 1), _read("STEPS", 8)
            numbers = range(seed, seed + _read("SCENARIOS", default))
            scenarios = (draw(number, length) for number in numbers)
        failures = []
        for scenario in scenarios:
            if failure := run(scenario):
                shrunk = self.runner.shrink(scenario, failure, run)
                failures.append(describe(*shrunk))
                self._tell(failures[-1])
            self._tell(f"{kind} {scenario['seed']} {time.process_time():.1f}")
        self._tell(self.runner.describe_counts())
        self.assertFalse(failures, "\n\n".join(failures))

    def _tell(self, text):
        """Write a long run down, as far as it is."""
        if path := os.environ.get("BACKFLUSH_LOG"):
            with open(path, "a", encoding="utf-8") as log:
                log.write(f"{text}\n")

    def test_rules_hold(self):
        self._run("rules", self.runner.run, draw, 10)

    def test_off_and_on_agree(self):
        self._run("pair", Pairs(self.runner).run, draw_pair, 3)
