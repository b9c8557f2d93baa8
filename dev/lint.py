"""`./run lint`: style and slips, on every addon of the checkout and on `dev`."""

import argparse
import ast
import re
import subprocess
import sys

import polib
from lxml import etree

from . import addons, console, paths, prettier

# A clone must work on any machine: no address of one registry, no folder of one
# person. (Written so that these patterns do not match themselves.)
HOSTS = r"(debian|pypi|pythonhosted|npmjs|crates)\.(org|com|io)"
FOLDERS = r"(?<![\w./}])/(work|root|tmp|home/\w+)/\w"
FOREIGN = re.compile(f"{HOSTS}|{FOLDERS}")


def main(arguments):
    """Run every check, also after one has failed; 0 if all of them pass."""
    options = _parser().parse_args(arguments)
    files = tracked_files()
    checks = {
        "ruff check": lambda: _ruff("check", *(["--fix"] if options.fix else [])),
        "ruff format": lambda: _ruff("format", *([] if options.fix else ["--check"])),
        "pylint-odoo": _pylint,
        "XML is well formed": lambda: _each(files, "*.xml", _parse_xml),
        "prettier (npm)": lambda: prettier.check(_addon_files(files), options.fix),
        "translations parse": lambda: _each(files, "*.po", _parse_po),
        "every test module is imported": _tests_not_imported,
        "no foreign hosts and folders": lambda: _each(files, "*", _foreign_places),
    }
    failed = [title for title, check in checks.items() if not _passes(title, check)]
    if failed:
        console.say(f"lint: {len(failed)} of {len(checks)} checks failed")
    return 1 if failed else 0


def tracked_files():
    """The files of the checkout that git knows, or would if they were added."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.check_output(command, cwd=paths.ROOT, text=True)
    files = {paths.ROOT / name for name in listing.split("\0") if name}
    return sorted(file for file in files if file.is_file())


def _parser():
    parser = argparse.ArgumentParser(prog="./run lint")
    parser.add_argument("--fix", action="store_true", help="correct what can be")
    return parser


def _passes(title, check):
    problems = check()
    verdict = "NOT CHECKED" if problems is None else "FAIL" if problems else "ok  "
    print(f"{verdict} {title}", flush=True)
    for problem in problems or []:
        print(f"     {problem}", flush=True)
    return not problems


def _ruff(*arguments):
    return _tool("ruff", *arguments, "--output-format=concise", ".")


def _pylint():
    return _tool("pylint", *addons.names()) if addons.names() else []


def _tool(name, *arguments):
    command = [sys.executable, "-m", name, *arguments]
    done = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True)
    if not done.returncode:
        return []
    return (done.stdout + done.stderr).splitlines() or [f"code {done.returncode}"]


def _addon_files(files):
    folders = addons.folders()
    return [file for file in files if any(it in file.parents for it in folders)]


def _each(files, pattern, problems_of):
    """What `problems_of` says of each file, after the name of the file."""
    return [
        f"{file.relative_to(paths.ROOT)}:{problem}"
        for file in files
        if file.match(pattern)
        for problem in problems_of(file)
    ]


def _parse_xml(file):
    try:
        etree.parse(str(file))
    except etree.XMLSyntaxError as error:
        return [str(error)]
    return []


def _parse_po(file):
    try:
        polib.pofile(str(file), check_for_duplicates=True)
    except (OSError, ValueError) as error:
        return [str(error)]
    return []


def _foreign_places(file):
    content = file.read_bytes()
    if b"\0" in content:
        return []
    lines = content.decode(errors="replace").splitlines()
    found = [(at, FOREIGN.search(line)) for at, line in enumerate(lines, 1)]
    return [f"{at}: names {match.group()}" for at, match in found if match]


def _tests_not_imported():
    missing = []
    for folder in addons.folders():
        tests = folder / "tests"
        modules = {file.stem for file in tests.glob("test_*.py")}
        for name in sorted(modules - _imported(tests / "__init__.py")):
            missing.append(f"{folder.name}/tests/__init__.py: does not import {name}")
    return missing


def _imported(file):
    if not file.is_file():
        return set()
    nodes = ast.walk(ast.parse(file.read_text()))
    imports = (node for node in nodes if isinstance(node, ast.ImportFrom))
    return {alias.name for node in imports for alias in node.names}
