"""The Odoo 19 source tree: the person's own (`ODOO_DIR`) or Debian's package."""

import hashlib
import os
import re
from pathlib import Path

from . import apt, console, paths

SERIES = "19.0"
FETCHED = paths.STATE / "debian"
PACKAGES = (
    f"odoo-19={SERIES}*",
    # what Debian took out of Odoo; Odoo's files link to theirs
    *("libjs-jquery", "libjs-jquery-form", "libjs-underscore"),
    *("fonts-font-awesome", "fonts-inconsolata", "fonts-montserrat"),
    *("fonts-ocr-b", "fonts-roboto-unhinted"),
)
STUB = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


def ensure():
    """Fetch Odoo unless it is there.

    :return: a folder with the package `odoo` in it, and `addons` where those are apart
    :raises Stop: when there is no Odoo 19.0 to be had
    """
    own = os.environ.get("ODOO_DIR")
    if not own:
        apt.fetch(PACKAGES, FETCHED, finish=_write_stub)
    base = Path(own).expanduser().resolve() if own else FETCHED
    return _linked(_find(base))


def version(tree):
    """The version that the tree names itself, such as 19.0.0."""
    release = (tree / "odoo" / "release.py").read_text()
    info = re.search(r"^version_info = \((.*?)\)", release, re.MULTILINE).group(1)
    return ".".join(part.strip(" '\"") for part in info.split(",")[:3])


def _find(base):
    for folder in (base, base / "usr/lib/python3/dist-packages"):
        if (folder / "odoo" / "release.py").is_file():
            found = version(folder)
            if found.startswith(SERIES + "."):
                return folder
            raise console.Stop(f"{base} holds Odoo {found}, but {SERIES} is needed.")
    raise console.Stop(f"There is no Odoo in {base}: it has no odoo/release.py.")


def _write_stub(folder):
    # Debian leaves this file out. A browser that misses it logs an error, and an
    # error on the console fails every tour.
    tree = _find(folder)
    for addons in (tree / "odoo" / "addons", tree / "addons"):
        stub = addons / STUB
        if (addons / "mail").is_dir() and not stub.exists():
            stub.parent.mkdir(parents=True, exist_ok=True)
            stub.write_text("// left out of the Debian package\n")


def _linked(tree):
    # Beside Odoo, its folder may hold all of the machine's Python packages, which
    # must not come before those of the virtual environment.
    name = hashlib.sha256(bytes(tree)).hexdigest()[:8]
    links = paths.STATE / "tree" / name
    links.mkdir(parents=True, exist_ok=True)
    targets = {"odoo": tree / "odoo"}
    if (tree / "addons" / "mrp" / "views").is_dir():
        targets["addons"] = tree / "addons"
    for link, target in targets.items():
        if not (links / link).is_symlink():
            (links / link).symlink_to(target)
    return links
