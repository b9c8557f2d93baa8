"""Runs in Odoo: loads a database in full, then its modules' suites."""

import json
import re
import socket
import sys
from pathlib import Path

import odoo.cli  # noqa: F401  sets Odoo up
from odoo import api, http
from odoo.modules import module as odoo_module
from odoo.modules.registry import Registry
from odoo.service import server
from odoo.tests.loader import make_suite
from odoo.tests.result import OdooTestResult
from odoo.tools import config

from . import upstream

# what addons of others switch off of ours
TOLD = "--log-handler=odoo.addons.backflush_auto.overridden:INFO"
FLAG_ON = {"backflush_default": True, "backflush_shortage": "negative"}


class Recorder(OdooTestResult):
    """Keeps how each test ended, and says where the run is."""

    def __init__(self, outcomes, total):
        super().__init__()
        self.outcomes = outcomes
        self.total = total

    def startTest(self, test):
        """Say once in a while how far the run is."""
        super().startTest(test)
        if self.testsRun % 50 == 0:
            print(f"    {self.testsRun} of {self.total}", flush=True)

    def addSuccess(self, test):
        """A test that passed, unless one of its parts has failed."""
        super().addSuccess(test)
        self.outcomes.setdefault(test.id(), "passed")

    def addSkip(self, test, reason):
        """A test that Odoo would not run here."""
        super().addSkip(test, reason)
        self.outcomes[test.id()] = f"skipped: {reason}"

    def addFailure(self, test, err):
        """A test, or a part of one, that found something wrong."""
        super().addFailure(test, err)
        self._record("failed", test, err)

    def addError(self, test, err):
        """A test, a part of one or the setup of its class that broke."""
        super().addError(test, err)
        self._record("error", test, err)

    def _record(self, kind, test, err):
        test = getattr(test, "test_case", None) or test
        first_line = str(err[1]).partition("\n")[0]
        text = f"{kind}: {err[0].__name__}: {first_line}"
        self.outcomes.setdefault(test.id(), _without_ids(text))


def main():
    """Run the suites; the exit code says whether they passed."""
    name, results_file, *arguments = sys.argv[1:]
    options = upstream.parse(arguments)
    registry = _load(name)
    if options.flag_on:
        _backflush_by_default(registry)
    outcomes = {}
    tags = options.tags or (upstream.SMALL if options.small else "standard")
    _run(registry, options.modules.split(","), tags, outcomes)
    server.server.stop()
    Path(results_file).write_text(json.dumps(outcomes, indent=1, sort_keys=True))
    return _summarise(outcomes)


def _load(database):
    arguments = [f"--database={database}", f"--db-filter=^{database}$"]
    arguments += [f"--http-port={_free_port()}", "--max-cron-threads=0"]
    config.parse_config([*arguments, "--log-level=warn", TOLD], setup_logging=True)
    server.load_server_wide_modules()
    registry = Registry(database)
    # from now on: before, it would have run each module's tests as it is loaded
    config["test_enable"] = True
    server.server = server.ThreadedServer(http.root)
    server.server.start()
    return registry


def _backflush_by_default(registry):
    with registry.cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        # most of Odoo's tests produce without having the components
        for name, value in FLAG_ON.items():
            env["ir.default"].set("res.company", name, value)
        env["res.company"].search([]).write(FLAG_ON)


def _run(registry, modules, tags, outcomes):
    config["test_tags"] = tags
    suites = {at: make_suite(modules, at) for at in ("at_install", "post_install")}
    total = sum(suite.countTestCases() for suite in suites.values())
    if not total:
        sys.exit(f"No test of {', '.join(modules)} has the tags {tags}.")
    recorder = Recorder(outcomes, total)
    with Registry._lock:
        # some of them rely on the state in which a module is being installed
        registry.loaded = registry.ready = False
        _run_suite(suites["at_install"], recorder)
        registry.loaded = registry.ready = True
    if suites["post_install"].has_http_case():
        with registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            env["ir.qweb"]._pregenerate_assets_bundles()
    _run_suite(suites["post_install"], recorder)


def _run_suite(suite, recorder):
    odoo_module.current_test = True
    suite(recorder)
    odoo_module.current_test = False


def _summarise(outcomes):
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for test, outcome in sorted(outcomes.items()):
        kind = outcome.partition(":")[0].replace("error", "failed")
        note = ""
        tolerated = test.removeprefix("odoo.addons.") in upstream.FAIL_ON_STOCK_ODOO
        if kind == "failed" and tolerated:
            kind, note = "skipped", " (fails on stock Odoo, too)"
        if kind != "passed":
            print(f"{test}{note}\n    {outcome}")
        counts[kind] += 1
    print(", ".join(f"{count} {kind}" for kind, count in counts.items()))
    return 1 if counts["failed"] else 0


def _without_ids(text):
    """Leave out what differs from run to run: record ids and addresses."""
    return re.sub(r"0x[0-9a-f]+|(?<=\()\d+(?:, \d+)*,?(?=\))", "…", text)


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


if __name__ == "__main__":
    sys.exit(main())
