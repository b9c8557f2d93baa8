"""The ways into Odoo from outside, by the standard library alone."""

import copy
import http.cookiejar
import json
import urllib.error
import urllib.request
import xmlrpc.client

TIMEOUT = 150


class Refused(Exception):
    """An answer of JSON-2 that is no result.

    :param status: of HTTP
    :param body: what was answered, read as JSON
    """

    def __init__(self, status, body):
        super().__init__(f"{status}: {body.get('message')}")
        self.status = status
        self.body = body
        self.message = body.get("message") or ""


class Json2:
    """JSON-2, with an API key."""

    def __init__(self, server, key):
        self.server = server
        self.key = key

    def call(self, model, method, ids=None, *positional, **keywords):
        """Call a method; what it returns."""
        if positional:
            raise TypeError("JSON-2 takes keywords only.")
        body = keywords if ids is None else {"ids": ids, **keywords}
        return self.post(f"{model}/{method}", body)

    def post(self, path, body):
        """Post anything to an address below /json/2/; what is answered."""
        request = urllib.request.Request(
            f"{self.server.url}/json/2/{path}",
            data=json.dumps(body).encode(),
            headers={
                "Authorization": f"bearer {self.key}",
                "Content-Type": "application/json; charset=utf-8",
                "X-Odoo-Database": self.server.database,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                raise Refused(error.code, json.load(error)) from error


class _Marshaller(xmlrpc.client.Marshaller):
    def dump_huge(self, value, write):
        write(f"<value><int>{value}</int></value>")

    dispatch = {**xmlrpc.client.Marshaller.dispatch, int: dump_huge}


class XmlRpc:
    """XML-RPC, with an API key in the place of the password."""

    def __init__(self, server, login, key):
        self.server = server
        self.key = key
        with self._open("common") as common:
            self.uid = common.authenticate(server.database, login, key, {})

    def call(self, model, method, ids=None, *positional, **keywords):
        """Call a method; what it returns."""
        arguments = [*([] if ids is None else [ids]), *positional]
        return self.execute(model, method, arguments, keywords)

    def execute(self, model, method, arguments, keywords):
        """Call a method with these arguments, as they are."""
        with self._open("object") as endpoint:
            return endpoint.execute_kw(
                self.server.database,
                self.uid,
                self.key,
                model,
                method,
                arguments,
                keywords,
            )

    def execute_huge(self, *arguments):
        """Call a method with numbers that Python's client does not send."""
        sent = _Marshaller(None, False).dumps(
            (self.server.database, self.uid, self.key, *arguments)
        )
        call = f"<methodCall><methodName>execute_kw</methodName>{sent}</methodCall>"
        request = urllib.request.Request(
            f"{self.server.url}/xmlrpc/2/object",
            data=call.encode(),
            headers={"Content-Type": "text/xml"},
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
            return xmlrpc.client.loads(response.read())[0][0]

    def with_key(self, key):
        """The same user with another key."""
        other = copy.copy(self)
        other.key = key
        return other

    def _open(self, service):
        return xmlrpc.client.ServerProxy(f"{self.server.url}/xmlrpc/2/{service}")


class Browser:
    """The web client: a session with a cookie, and the addresses that it uses."""

    def __init__(self, server, login, password):
        self.server = server
        self.password = password
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )
        self._post(
            "/web/session/authenticate",
            db=server.database,
            login=login,
            password=password,
        )

    def call(self, model, method, ids=None, **keywords):
        """Call a method as the web client does."""
        arguments = [] if ids is None else [ids]
        return self._dataset("call_kw", model, method, arguments, keywords)

    def click(self, model, method, ids, context=None):
        """Click a button."""
        return self._dataset(
            "call_button", model, method, [ids], {"context": context or {}}
        )

    def make_key(self, name):
        """Make an API key, as in the preferences of the user."""
        model = "res.users.apikeys.description"
        vals = {"name": name, "duration": "1"}
        [made] = self.call(
            model,
            "web_save",
            [],
            vals=vals,
            specification={},
        )
        answer = self.click(model, "make_key", [made["id"]])
        if answer["res_model"] == "res.users.identitycheck":
            answer = self.click(
                answer["res_model"],
                "run_check",
                [answer["res_id"]],
                {"password": self.password},
            )
        return answer["context"]["default_key"]

    def _dataset(self, kind, model, method, arguments, keywords):
        return self._post(
            f"/web/dataset/{kind}/{model}/{method}",
            model=model,
            method=method,
            args=arguments,
            kwargs=keywords,
        )

    def _post(self, path, **parameters):
        request = urllib.request.Request(
            self.server.url + path,
            data=json.dumps({"jsonrpc": "2.0", "params": parameters}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with self.opener.open(request, timeout=TIMEOUT) as response:
            answer = json.load(response)
        if "error" in answer:
            raise Refused(200, answer["error"]["data"])
        return answer["result"]
