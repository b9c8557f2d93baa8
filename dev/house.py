"""The rules of the house: what the hook `house` of .pre-commit-config.yaml checks.

A method of a model stands in one place of an addon: in two, the order of the imports
would say which runs first, or alone. Files and methods are short enough to be read in
one sitting; a docstring does not count, since public methods owe their callers a full
one, and neither does a method that is one table.
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
        methods = defaultdict(list)
        for path in find_files(manifest.parent):
            name, text = path.relative_to(ROOT), path.read_text()
            tree = ast.parse(text)
            problems += _find_lengths(name, text, tree)
            for node in ast.walk(tree):
                for model, method in read_class(node):
                    methods[model, method.name].append(f"{name}:{method.lineno}")
        problems += [
            f"{model}.{method} is defined in {', '.join(places)}"
            for (model, method), places in methods.items()
            if len(places) > 1
        ]
    print(*problems, sep="\n", end="\n" if problems else "")
    return int(bool(problems))


def find_files(addon):
    """The files of an addon that are no tests and no migrations."""
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


def read_class(node):
    """The model that a class makes or extends, with each of its methods."""
    if model := read_model(node):
        for method in node.body:
            if isinstance(method, ast.FunctionDef):
                yield model, method


def read_model(node):
    """The model that a class makes or extends, or None."""
    name, inherited = _read_names(node)
    return name or next(iter(inherited), None)


def is_new(node):
    """Whether a class makes a model."""
    name, inherited = _read_names(node)
    return bool(name) and name not in inherited


def _read_names(node):
    """The `_name` of a class, and what it inherits."""
    values = {
        target.id: ast.literal_eval(statement.value)
        for statement in (node.body if isinstance(node, ast.ClassDef) else ())
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if getattr(target, "id", "") in ("_name", "_inherit")
    }
    inherited = values.get("_inherit", [])
    return values.get("_name"), (
        [inherited] if isinstance(inherited, str) else inherited
    )


if __name__ == "__main__":
    sys.exit(main())
