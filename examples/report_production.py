#!/usr/bin/env python3
"""Report production to Odoo, with nothing but the standard library of Python.

    export ODOO_URL=https://odoo.example.com ODOO_DATABASE=production ODOO_KEY=…
    python3 report_production.py WH/MO/00042 30 MES-1001

reports 30 on the order WH/MO/00042. MES-1001 is the reference: what you call this
report. However often the line is run, it is posted once. With ODOO_LOGIN set it
goes over XML-RPC, else over JSON-2.
"""

import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.request
import xmlrpc.client
from xml.parsers.expat import ExpatError

MODEL = "mrp.production"
TIMEOUT = 150  # seconds: longer than Odoo lets a request work
PAUSES = (1, 2, 5, 10, 30)  # seconds between tries
NOBODY = "odoo.exceptions.AccessDenied"


class Refused(Exception):
    """Odoo says no: the same call would be refused again."""


class Unanswered(Exception):
    """Nobody knows whether the call was done: repeat it, with the same reference."""


class Json2:
    """Calls by JSON-2: a POST for each, keywords only."""

    def __init__(self, url, database, key):
        self.url = url
        self.headers = {
            "Authorization": f"bearer {key}",
            "X-Odoo-Database": database,
            "Content-Type": "application/json; charset=utf-8",
        }

    def call(self, method, record_id=None, model=MODEL, **keywords):
        """Call a method of manufacturing orders, on one order or on none.

        Corrections are made on postings: the model is ``mrp.backflush`` then.
        """
        body = keywords if record_id is None else {"ids": [record_id], **keywords}
        request = urllib.request.Request(
            f"{self.url}/json/2/{model}/{method}",
            json.dumps(body).encode(),
            self.headers,
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                if refusal := self._read_refusal(error):
                    raise Refused(refusal) from error
            raise Unanswered(f"{error.code} {error.reason}") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unanswered(repr(error)) from error

    def _read_refusal(self, error):
        """What Odoo itself says against the call; nothing where it does not say it.

        While its database restarts, Odoo answers 404 with a page of HTML, or that it
        could not tell who calls; and whatever stands before Odoo has pages of its own.
        """
        if error.code >= 500:
            return ""
        try:
            answer = json.load(error)
            return "" if answer.get("name") == NOBODY else answer["message"]
        except (OSError, http.client.HTTPException, ValueError, LookupError):
            return ""
        except (AttributeError, TypeError):  # no object
            return ""


class XmlRpc:
    """Calls by XML-RPC: the key takes the place of the password."""

    def __init__(self, url, database, login, key):
        self.url = url
        self.access = (database, login, key)
        self.user_id = None

    def call(self, method, record_id=None, model=MODEL, **keywords):
        """Call a method of manufacturing orders, on one order or on none.

        Corrections are made on postings: the model is ``mrp.backflush`` then.
        """
        arguments = [] if record_id is None else [[record_id]]
        database, _login, key = self.access
        try:
            if self.user_id is None:
                self._log_in()
            with self._open("object") as odoo:
                return odoo.execute_kw(
                    database, self.user_id, key, model, method, arguments, keywords
                )
        except xmlrpc.client.Fault as fault:
            if fault.faultCode == 1:  # nothing that Odoo has foreseen
                last_line = fault.faultString.strip().splitlines()[-1]
                raise Unanswered(last_line) from fault
            raise Refused(fault.faultString) from fault
        except xmlrpc.client.ProtocolError as error:
            raise Unanswered(f"{error.errcode} {error.errmsg}") from error
        except (
            *(OSError, http.client.HTTPException),
            *(xmlrpc.client.Error, ExpatError, ValueError),
        ) as error:
            raise Unanswered(repr(error)) from error

    def _log_in(self):
        with self._open("common") as odoo:
            self.user_id = odoo.authenticate(*self.access, {})
        if not self.user_id:
            raise Refused("Odoo does not know this login with this key.")

    def _open(self, service):
        class Transport(
            xmlrpc.client.SafeTransport
            if self.url.startswith("https:")
            else xmlrpc.client.Transport
        ):
            def make_connection(self, host):
                connection = super().make_connection(host)
                connection.timeout = TIMEOUT
                return connection

        return xmlrpc.client.ServerProxy(
            f"{self.url}/xmlrpc/2/{service}", transport=Transport()
        )


def report(odoo, reports):
    """Post reports, each with its reference; repeat the call until it is answered.

    :param odoo: :class:`Json2` or :class:`XmlRpc`
    :param reports: list of dicts
    :return: for each report its result, in their order
    """
    for entry in reports:
        if not entry.get("reference"):
            raise ValueError("A report without a reference cannot be repeated.")
    for pause in (*PAUSES, None):
        try:
            return odoo.call("backflush_post_batch", reports=reports)
        except Unanswered as error:
            if pause is None:
                raise
            print(f"{error}: again in {pause} s", file=sys.stderr)
            time.sleep(pause)


def main():
    """Report one quantity on one order, as the command line says."""
    order, quantity, reference = sys.argv[1:]
    access = os.environ["ODOO_URL"], os.environ["ODOO_DATABASE"]
    if login := os.environ.get("ODOO_LOGIN"):
        odoo = XmlRpc(*access, login, os.environ["ODOO_KEY"])
    else:
        odoo = Json2(*access, os.environ["ODOO_KEY"])
    entry = {
        "production": order,
        "quantity": float(quantity),
        "reference": reference,
    }
    try:
        [result] = report(odoo, [entry])
    except Refused as error:
        sys.exit(f"refused: {error}")
    except Unanswered as error:
        sys.exit(f"unanswered: {error}; repeat it later, with the same reference")
    if not result["ok"]:
        # {"type": "shortage", "message": …}: a person has to look at it
        sys.exit(f"{result['error']['type']}: {result['error']['message']}")
    state = result["production"]
    again = ", reported before" if result["replayed"] else ""
    print(f"{result['name']}: {state['qty_remaining']:g} remain on {order}{again}")


if __name__ == "__main__":
    main()
