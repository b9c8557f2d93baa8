"""Calls from outside: what was called, and whether a program did it or a person.

XML-RPC, JSON-RPC and JSON-2 are for programs. The web client calls for a person,
who is then led to wherever the answer says.
"""

from collections.abc import Mapping

from odoo.http import request
from odoo.service.server import thread_local

JSON_2 = "/json/2/"
WEB_BUTTON = "/web/dataset/call_button/"
WEB_CALLS = (WEB_BUTTON, "/web/dataset/call_kw/")
WEB_ACTION = "/web/action/run"


def get_called_method():
    """What the request began with.

    :return: ``model.method``; empty where it is no call of a method
    """
    if _is_json_2():
        return ".".join(request.httprequest.path.removeprefix(JSON_2).split("/"))
    return getattr(thread_local, "rpc_model_method", "")


def is_called_by_program(method):
    """Whether the request is a call of this method, and not by the web client.

    :param method: ``model.method``
    """
    # Odoo puts the request of XML-RPC and JSON-RPC aside while the method runs.
    return get_called_method() == method and (_is_json_2() or not request)


def is_called_by_person(method):
    """Whether the web client has called this method for a person who can be asked.

    :param method: ``model.method``
    """
    path = request.httprequest.path if request else ""
    model, _dot, name = method.rpartition(".")
    return path.startswith(WEB_CALLS) and path.endswith(f"/{model}/{name}")


def is_clicked(method):
    """Whether a person has clicked a button of this method, and is led to its answer.

    :param method: ``model.method``
    """
    path = request.httprequest.path if request else ""
    return path.startswith(WEB_BUTTON) and is_called_by_person(method)


def is_run_by_person():
    """Whether the web client runs a server action, say on a selection in a list."""
    return bool(request) and request.httprequest.path == WEB_ACTION


def _is_json_2():
    return bool(request) and request.httprequest.path.startswith(JSON_2)


def make_plain(value):
    """Leave out of an answer what XML-RPC cannot send: it has no None."""
    if value is None:
        return False
    if isinstance(value, Mapping):
        return {str(key): make_plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [make_plain(inner) for inner in value]
    return value
