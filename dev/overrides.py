"""One override, one place: what the hook `overrides` of .pre-commit-config.yaml checks.

A method of Odoo's that an addon extends twice runs in the order of the imports.
"""

import ast
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent
ASIDE = {"tests", "migrations"}


def main():
    """Tell which methods are overridden in several places; 1 if some are."""
    found = False
    for manifest in sorted(ROOT.glob("*/__manifest__.py")):
        for (model, method), places in _find_overrides(manifest.parent).items():
            if len(places) > 1:
                found = True
                print(f"{model}.{method} is overridden in {', '.join(places)}")
    return int(found)


def _find_overrides(addon):
    """The methods that an addon overrides, as ``{(model, method): places}``."""
    overrides = defaultdict(list)
    for path in sorted(addon.rglob("*.py")):
        if ASIDE.isdisjoint(path.relative_to(addon).parts):
            for node in ast.walk(ast.parse(path.read_text())):
                for model, method in _read_class(node):
                    place = f"{path.relative_to(ROOT)}:{method.lineno}"
                    overrides[model, method.name].append(place)
    return overrides


def _read_class(node):
    """The model of a class, with each of its methods that calls itself by super()."""
    if not isinstance(node, ast.ClassDef):
        return
    values = {
        target.id: statement.value
        for statement in node.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    inherited = values.get("_inherit")
    if not isinstance(inherited, ast.Constant | ast.List):
        return
    names = ast.literal_eval(inherited)
    for method in node.body:
        if isinstance(method, ast.FunctionDef) and _calls_super(method):
            yield names if isinstance(names, str) else names[0], method


def _calls_super(method):
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == method.name
        and isinstance(node.value, ast.Call)
        and getattr(node.value.func, "id", "") == "super"
        for node in ast.walk(method)
    )


if __name__ == "__main__":
    sys.exit(main())
