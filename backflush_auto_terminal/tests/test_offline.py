from unittest.mock import patch

from odoo import api, http
from odoo.tests import common, tagged

from .test_tours import TourCase

SPEED = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
POST = "/mrp.production/backflush_post"


@tagged("post_install", "-at_install")
class TestOffline(TourCase):
    """The network is cut, and the answer is lost: a report is posted once."""

    browser_size = "1024x768"

    def setUp(self):
        super().setUp()
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        self.order = self._create_due("TOUR/1")

    def _obey(self):
        """Have the browser's network cut and mended as its page says."""
        chrome = common.ChromeBrowser
        handle, fetch = chrome._handle_console, chrome._handle_request_paused
        self.is_cut = False

        def obey(browser, type, args=None, **kwargs):  # noqa: A002
            text = str(args[0].get("value", "")) if args else ""
            if text.startswith("network: "):
                self.is_cut = text == "network: off"
                network = {"offline": self.is_cut, **SPEED}
                browser._websocket_send("Network.enable")
                browser._websocket_send(
                    "Network.emulateNetworkConditions", params=network
                )
            return handle(browser, type=type, args=args, **kwargs)

        def cut(browser, **params):
            # Odoo looks at every request, and what it lets pass is not emulated.
            if not self.is_cut:
                return fetch(browser, **params)
            reason = {"errorReason": "InternetDisconnected"}
            failed = {"requestId": params["requestId"], **reason}
            return browser._websocket_send("Fetch.failRequest", params=failed)

        return patch.multiple(chrome, _handle_console=obey, _handle_request_paused=cut)

    def test_a_report_waits_for_the_network(self):
        with self._obey():
            self._start("backflush_terminal_offline")
        self.assertEqual(self.order.qty_produced, 30)
        self.assertEqual(len(self.order.backflush_ids), 1)

    def _lose(self, lost):
        """Let the server post, and nobody hear of it, for so many calls."""
        answer = http.Application.__call__
        calls = []

        def call(application, environ, start_response):
            if not environ["PATH_INFO"].endswith(POST):
                return answer(application, environ, start_response)
            calls.append(environ["PATH_INFO"])
            if len(calls) > lost:
                return answer(application, environ, start_response)
            b"".join(answer(application, environ, lambda *_args, **_kwargs: None))
            start_response("502 Bad Gateway", [("Content-Type", "text/html")])
            return [b"<h1>Bad Gateway</h1>"]

        self.enterContext(patch.object(http.Application, "__call__", call))
        return calls

    def test_an_answer_is_lost(self):
        calls = self._lose(1)
        self._start("backflush_terminal_lost_answer")
        self.assertEqual(len(calls), 2)
        self.assertEqual(self.order.qty_produced, 30)
        self.assertEqual(len(self.order.backflush_ids), 1)

    def test_what_waits_survives_a_reload(self):
        calls = self._lose(1)
        self._start("backflush_terminal_reload")
        self.assertEqual(len(calls), 2)
        self.assertEqual(len(self.order.backflush_ids), 1)

    def test_a_refused_report_is_mended(self):
        calls = self._lose(0)
        with self._obey():
            self._start("backflush_terminal_mend")
        self.assertEqual(len(calls), 2)
        self.assertEqual(self.order.qty_produced, 5)
        self.assertEqual(len(self.order.backflush_ids), 1)

    def test_nobody_else_sends_it(self):
        """Another tab has logged in somebody else, and the first user again."""
        orders = type(self.env["mrp.production"])
        users = [self.env.ref("base.user_admin").id, self.worker.id]
        calls = self._lose(0)
        seen = []

        @api.model
        def tell(_orders):
            seen.append(len(calls))
            return users.pop(0)

        with patch.object(orders, "backflush_terminal_user", tell):
            self._start("backflush_terminal_other_user")
        self.assertEqual(seen, [0, 0])
        self.assertEqual(len(calls), 1)
        self.assertEqual(self.order.backflush_ids.user_id, self.worker)

    def test_somebody_has_cancelled_the_order_meanwhile(self):
        answer = http.Application.__call__

        def call(application, environ, start_response):
            if environ["PATH_INFO"].endswith(POST):
                self.order.action_cancel()
                self.env.flush_all()
            return answer(application, environ, start_response)

        with patch.object(http.Application, "__call__", call):
            self._start("backflush_terminal_closed")
        self.assertEqual(self.order.state, "cancel")
        self.assertFalse(self.order.backflush_ids)
