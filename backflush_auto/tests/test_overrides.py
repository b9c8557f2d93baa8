import ast
import inspect
import textwrap
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

OURS = "odoo.addons.backflush_auto"


class Reached(Exception):
    """Raised by Odoo's method in the place of which it stands."""


@tagged("post_install", "-at_install")
class TestOverrides(TransactionCase):
    """What we extend is called, and extended, by addons that we do not know.

    They call it with Odoo's parameters, by position or by name, and some add parameters
    of their own: each override hands all of it on. What the framework calls, create and
    write, computes and onchanges, has one signature for everybody.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.overrides = list(cls._find_overrides())

    @classmethod
    def _find_overrides(cls):
        """Our methods that extend one of Odoo's: ``(model, class, name, method)``."""
        seen = set()
        for model_name, model in cls.env.registry.items():
            classes = model.mro()
            for number, owner in enumerate(classes):
                for name, value in vars(owner).items():
                    method = cls._get_function(value)
                    if not cls._is_ours(method) or method in seen:
                        continue
                    seen.add(method)
                    base = cls._find_base(classes[number + 1 :], name)
                    if base and not cls._is_framework(method, base[1]):
                        yield model_name, name, method, base

    @staticmethod
    def _get_function(value):
        return inspect.unwrap(getattr(value, "__func__", value))

    @classmethod
    def _is_ours(cls, method):
        is_function = inspect.isfunction(method)
        return is_function and method.__module__.startswith(OURS)

    @classmethod
    def _find_base(cls, classes, name):
        """Odoo's method below ours: ``(class, method)``."""
        for owner in classes:
            method = cls._get_function(vars(owner).get(name))
            if inspect.isfunction(method) and not cls._is_ours(method):
                return owner, method
        return None

    @staticmethod
    def _is_framework(method, base):
        called_by_fields = ("_compute_", "_search_", "_inverse_", "_onchange_")
        return (
            method.__name__.startswith(called_by_fields)
            and len(inspect.signature(base).parameters) == 1
            or base.__name__ in ("create", "write", "unlink", "copy_data")
            or base.__module__.startswith("odoo.orm.")
            and base.__name__ == "_compute_display_name"
        )

    def test_overrides_are_found(self):
        names = {name for _model, name, _method, _base in self.overrides}
        self.assertIn("_get_component_data", names)
        self.assertIn("_action_assign", names)
        self.assertGreater(len(names), 50)

    def test_parameters_of_odoo(self):
        """By position, by name, and with one that another addon adds."""
        for model, name, method, (_owner, base) in self.overrides:
            ours = inspect.signature(method)
            parameters = list(inspect.signature(base).parameters.values())
            named = [p.name for p in parameters if p.kind == p.POSITIONAL_OR_KEYWORD]
            values = dict.fromkeys(named[1:], 0)
            with self.subTest(f"{model}.{name}"):
                ours.bind(None, **values, added_by_others=1)
                ours.bind(*([None] * len(named)), added_by_others=1)

    def test_all_is_handed_on(self):
        for model, name, method, _base in self.overrides:
            tree = ast.parse(textwrap.dedent(inspect.getsource(method)))
            calls = [
                node
                for node in ast.walk(tree)
                if isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == name
            ]
            with self.subTest(f"{model}.{name}"):
                self.assertTrue(calls, "it does not call what it extends")
                for call in calls:
                    handed_on = {
                        keyword.value.id for keyword in call.keywords if not keyword.arg
                    }
                    variable = inspect.getfullargspec(method).varkw
                    self.assertEqual(handed_on, {variable}, ast.unparse(call))

    def test_reaches_odoo(self):
        """Each that can be called on nothing: what others add arrives at Odoo's."""
        reached = set()
        for model, name, method, (owner, base) in self.overrides:
            required = [
                parameter
                for parameter in inspect.signature(base).parameters.values()
                if parameter.default is parameter.empty
            ]
            if len(required) > 1:
                continue
            with self.subTest(f"{model}.{name}"):
                got = self._call(self.env[model], method, owner, name)
                if got is not None:
                    reached.add((model, name))
                    self.assertEqual(got, {"added_by_others": 1})
        self.assertGreater(len(reached), 25)

    def _call(self, records, method, owner, name):
        """The keywords that Odoo's method gets; None where ours ends before."""

        def base(_records, *_args, **kwargs):
            raise Reached(kwargs)

        with patch.object(owner, name, base):
            try:
                method(records, added_by_others=1)
            except Reached as reached:
                return reached.args[0]
        return None
