"""The addons of this checkout."""

import ast
import hashlib

from . import paths


def names():
    """Every folder of the checkout that has a manifest and may be installed."""
    manifests = sorted(paths.ROOT.glob("*/__manifest__.py"))
    return [path.parent.name for path in manifests if _installable(path)]


def fingerprint(pattern):
    """A hash that changes with any file of the addons that matches the pattern."""
    digest = hashlib.sha256()
    for name in names():
        for path in sorted((paths.ROOT / name).glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(bytes(path.relative_to(paths.ROOT)) + b"\0")
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _installable(manifest):
    return ast.literal_eval(manifest.read_text()).get("installable", True)
