"""Debian packages of another suite, unpacked into a folder without root.

apt works here on lists and caches of its own, beside those of the machine. Its
mirror, keys and proxy are the machine's: only the suite is another.
"""

import os
import re
import shutil
import subprocess

from . import paths
from .console import Stop, run_logged, step

APT = paths.STATE / "apt"
DEBS = APT / "debs"
SUITES = {
    *("oldstable", "stable", "testing", "unstable"),
    *("bookworm", "trixie", "forky", "duke", "sid"),
}
ELSEWHERE = "Or get Odoo 19 by other means and name its folder in ODOO_DIR."


def fetch(packages, folder, suite="sid", finish=None):
    """Unpack packages of a suite into a folder, unless it is there.

    :param packages: names of Debian packages, `name=version*` where one is asked for
    :param suite: empty for that of the machine itself: what its programs can be run
        with is unpacked, too, unless it is installed
    :param finish: function of the folder that completes it
    """
    if folder.exists():
        return
    unpacking = folder.with_suffix(".new")
    shutil.rmtree(unpacking, ignore_errors=True)
    with step(f"Downloading {packages[0]} and what it needs"):
        for deb in _download(packages, suite):
            run_logged(["dpkg", "-x", deb, unpacking], "dpkg.log", _advise)
    if finish:
        finish(unpacking)
    unpacking.rename(folder)
    shutil.rmtree(DEBS)


def _download(packages, suite):
    # apt takes a file of the right size for the right file, and every source it finds
    for name in ("sources", "debs"):
        shutil.rmtree(APT / name, ignore_errors=True)
    for name in ("sources", "state/lists/partial", "debs/partial"):
        (APT / name).mkdir(parents=True, exist_ok=True)
    (APT / "sources" / "fetched.sources").write_text(_write_source(suite))
    run_logged([*_apt_get(), "update"], "apt-update.log", _advise)
    install = ("install", "--download-only", "--yes", "--no-install-recommends")
    command = [*_apt_get(), *(["download"] if suite else install), *packages]
    run_logged(command, "apt-download.log", _advise, cwd=DEBS)
    return DEBS.glob("*.deb")


def _write_source(suite):
    """The machine's own Debian archive, as a stanza for a suite."""
    found = [line.split("\t") for line in _list_targets().splitlines()]
    usable = [target for target in found if target[1] in SUITES]
    # another vendor may name its suites like Debian's: prefer what looks like a mirror
    usable.sort(key=lambda target: not target[0].rstrip("/").endswith("/debian"))
    if not usable:
        raise Stop(f"No Debian archive among this machine's apt sources. {ELSEWHERE}")
    uri, own, entry = usable[0]
    fields = f"Types: deb\nURIs: {uri}\nSuites: {suite or own}\nComponents: main\n"
    return fields + _read_trust(uri, paths.Path(entry.rpartition(":")[0]))


def _list_targets():
    """Address, suite and file of every archive that apt reads here."""
    fields = "$(REPO_URI)\t$(RELEASE)\t$(SOURCESENTRY)"
    command = ["apt-get", "indextargets", "--format", fields, "Component: main"]
    # also of what no update has fetched yet
    command += ["Identifier: Packages", "-o", "APT::Get::IndexTargets::Filtered=false"]
    try:
        return subprocess.check_output(command, text=True)
    except FileNotFoundError as error:
        raise Stop(f"There is no apt on this machine. {ELSEWHERE}") from error


def _read_trust(uri, file):
    """What the entry of an archive says of its keys, which apt does not tell."""
    text = re.sub(r"^#.*\n?", "", file.read_text(errors="replace"), flags=re.MULTILINE)
    entries = (
        text.splitlines() if file.suffix == ".list" else re.split(r"\n\s*\n", text)
    )
    entry = next((entry for entry in entries if uri.rstrip("/") in entry), "")
    if file.suffix == ".list":
        found = re.findall(r"(signed-by|trusted|check-valid-until)=([^\s\]]+)", entry)
    else:
        names = "Signed-By|Trusted|Check-Valid-Until"
        field = rf"^({names}):[ \t]*(.*(?:\n[ \t].*)*)"
        found = re.findall(field, entry, re.MULTILINE | re.IGNORECASE)
    return "".join(f"{name}: {value}\n" for name, value in found)


def _apt_get():
    options = {
        "Dir::Etc::sourcelist": os.devnull,
        "Dir::Etc::sourceparts": APT / "sources",
        "Dir::Etc::preferences": os.devnull,
        "Dir::Etc::preferencesparts": os.devnull,
        "Dir::State": APT / "state",
        "Dir::Cache": APT / "cache",
        "Dir::Cache::archives": DEBS,
        "APT::Default-Release": "",
        # only packages are installed under the lock of the machine
        "Debug::NoLocking": "true",
        "APT::Update::Error-Mode": "any",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
    }
    if os.geteuid() == 0:
        # the user apt would drop to may be unable to enter this folder
        options["APT::Sandbox::User"] = "root"
    return ["apt-get", "-q", *(f"-o{name}={value}" for name, value in options.items())]


def _advise(output):
    if re.search(r"NO_PUBKEY|public key|Missing key|not signed", output):
        return (
            "This machine's Debian keyring does not know the key that signs the "
            "unstable suite: install a newer debian-archive-keyring and start again. "
            + ELSEWHERE
        )
    return f"Start again when the Debian mirror answers. {ELSEWHERE}"
