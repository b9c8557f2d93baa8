"""The rules of the house: what the hook `house` of .pre-commit-config.yaml checks.

A method of Odoo's is overridden in one place of an addon: in two, it would run in the
order of the imports. Files and methods are short enough to be read in one sitting; a
docstring does not count, since public methods owe their callers a full one, and neither
does a method that is one table.
"""

import ast
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent
ASIDE = {"tests", "migrations"}
LONGEST_FILE, LONGEST_METHOD = 350, 40


def main():
    """Tell what breaks a rule; 1 if something does."""
    problems = []
    for manifest in sorted(ROOT.glob("*/__manifest__.py")):
        overrides = defaultdict(list)
        for path in _find_files(manifest.parent):
            name, text = path.relative_to(ROOT), path.read_text()
            tree = ast.parse(text)
            problems += _find_lengths(name, text, tree)
            for node in ast.walk(tree):
                for model, method in _read_class(node):
                    overrides[model, method.name].append(f"{name}:{method.lineno}")
        problems += [
            f"{model}.{method} is overridden in {', '.join(places)}"
            for (model, method), places in overrides.items()
            if len(places) > 1
        ]
    print(*problems, sep="\n", end="\n" if problems else "")
    return int(bool(problems))


def _find_files(addon):
    return [
        path
        for path in sorted(addon.rglob("*.py"))
        if ASIDE.isdisjoint(path.relative_to(addon).parts)
    ]


def _find_lengths(name, text, tree):
    """What is too long in a file, and the file itself."""
    lines = text.count("\n")
    if lines > LONGEST_FILE:
        yield f"{name} has {lines} lines, more than {LONGEST_FILE}"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = node.end_lineno - body[0].lineno + 1 if body else 0
            # a single statement is a table
            if lines > LONGEST_METHOD and len(body) > 1:
                place = f"{name}:{node.lineno} {node.name}"
                yield f"{place} has {lines} lines, more than {LONGEST_METHOD}"


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
