"""`docs/overrides.md` against the code: the hook `overrides` of `./run lint`.

What is listed there is an override, and every override of Odoo's is listed, with its
addon and model. An override is a method of a model of Odoo's that calls itself by
`super()`; what has the addon's name in its own is a hook of ours.
"""

import ast
import re
import sys
from pathlib import Path

from . import house

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "overrides.md"
CORE = "backflush_auto"


def main():
    """Tell what the page and the code do not have in common; 1 if there is any."""
    overrides, own = _read_code()
    page = set(_read_page(PAGE.read_text(), {model for _, model, _ in overrides}))
    wanted = {
        one for one in overrides if one[1] not in own and "backflush" not in one[2]
    }
    problems = [
        *(f"not in {PAGE.name}: {' '.join(one)}" for one in sorted(wanted - page)),
        *(f"only in {PAGE.name}: {' '.join(one)}" for one in sorted(page - overrides)),
    ]
    print(*problems, sep="\n", end="\n" if problems else "")
    return int(bool(problems))


def _read_code():
    """The overrides, ``(addon, model, method)``, and the names of our own models."""
    overrides, own = set(), set()
    for manifest in ROOT.glob("*/__manifest__.py"):
        addon = manifest.parent
        for path in house.find_files(addon):
            for node in ast.walk(ast.parse(path.read_text())):
                if house.is_new(node):
                    own.add(house.read_model(node))
                for model, method in house.read_class(node):
                    if _calls_itself(method):
                        overrides.add((addon.name, model, method.name))
    return overrides, own


def _calls_itself(method):
    """Whether a method calls the one that it overrides."""
    nodes = list(ast.walk(method))
    called = {getattr(node, "attr", "") for node in nodes}
    return method.name in called and any(
        isinstance(node, ast.Name) and node.id == "super" for node in nodes
    )


def _read_page(text, known):
    """What the tables list.

    A name in the first cell is a model, one with its method, or a method of the models
    named last; the title of a section names its addon, or the file of its model.
    """
    addon, models = CORE, []
    for line in text.splitlines():
        names = re.findall(r"`([^`]+)`", line.split(" | ")[0])
        if line.startswith("#"):
            name = names[0] if names else ""
            addon = name if name.startswith(CORE) else CORE
            models, fresh = [Path(name).stem.replace("_", ".")], True
        elif line.startswith("| `"):
            fresh = True
            for name in names:
                model, _, method = name.rpartition(".")
                if name in known:
                    models = [name] if fresh else [*models, name]
                    fresh = False
                elif name.endswith(".py"):
                    continue
                else:
                    models, fresh = [model] if model else models, True
                    yield from ((addon, one, method) for one in models)


if __name__ == "__main__":
    sys.exit(main())
