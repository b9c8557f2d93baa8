"""The addons of this checkout."""

import ast
import hashlib

from . import paths


def names():
    """Every folder of the checkout that has a manifest and may be installed."""
    manifests = sorted(paths.ROOT.glob("*/__manifest__.py"))
    return [path.parent.name for path in manifests if _installable(path)]


def folders():
    """The folders of `names()`."""
    return [paths.ROOT / name for name in names()]


def fingerprint(addons=None):
    """A hash that changes with any file of these addons (all of them by default)."""
    digest = hashlib.sha256()
    for name in addons or names():
        for path in sorted((paths.ROOT / name).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(bytes(path.relative_to(paths.ROOT)) + b"\0")
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _installable(manifest):
    return ast.literal_eval(manifest.read_text()).get("installable", True)
