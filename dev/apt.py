"""Debian packages of the unstable suite, unpacked into a folder without root.

apt works here on lists and caches of its own, beside those of the machine. Its
mirror, keys and proxy are the machine's: only the suite is another.
"""

import os
import re
import shlex
import shutil
import subprocess

from . import paths
from .console import Stop, run_logged, step

APT = paths.STATE / "apt"
SUITES = {
    *("oldstable", "stable", "testing", "unstable"),
    *("bookworm", "trixie", "forky", "duke", "sid"),
}
ELSEWHERE = "Or get Odoo 19 by other means and name its folder in ODOO_DIR."


def download(packages):
    """Download packages of the unstable suite.

    :param packages: names of Debian packages, `name=version*` where one is asked for
    :return: the .deb files
    """
    _prepare()
    run_logged([*_apt_get(), "update"], "apt-update.log", _advice)
    folder = APT / "debs"
    # apt takes a file of the right size for the right file
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    size = _download_size(packages)
    with step(f"Downloading {len(packages)} Debian packages, {size / 1e6:.0f} MB"):
        command = [*_apt_get(), "download", *packages]
        run_logged(command, "apt-download.log", _advice, cwd=folder)
    return sorted(folder.glob("*.deb"))


def unpack(debs, folder):
    """Unpack .deb files into one folder."""
    for deb in debs:
        run_logged(["dpkg", "-x", deb, folder], "dpkg.log", _advice)


def clean():
    """Remove what was downloaded, once it is unpacked."""
    shutil.rmtree(APT / "debs", ignore_errors=True)


def machine_sources():
    """The machine's own Debian archives, as fields of a deb822 stanza each."""
    found = [*_list_sources(), *_deb822_sources()]
    usable = [source for source in found if _is_debian_archive(source)]
    # another vendor may name its suites like Debian's: prefer what looks like a mirror
    usable.sort(key=lambda source: not source["uris"].rstrip("/").endswith("/debian"))
    return usable


def _prepare():
    source = next(iter(machine_sources()), None)
    if source is None:
        raise Stop(f"No Debian archive among this machine's apt sources. {ELSEWHERE}")
    for name in ("sources", "state/lists/partial", "cache/archives/partial"):
        (APT / name).mkdir(parents=True, exist_ok=True)
    fields = {**source, "types": "deb", "suites": "sid", "components": "main"}
    stanza = "".join(f"{name}: {value}\n" for name, value in fields.items())
    (APT / "sources" / "unstable.sources").write_text(stanza)


def _apt_get():
    options = {
        "Dir::Etc::sourcelist": os.devnull,
        "Dir::Etc::sourceparts": APT / "sources",
        "Dir::Etc::preferences": os.devnull,
        "Dir::Etc::preferencesparts": os.devnull,
        "Dir::State": APT / "state",
        "Dir::Cache": APT / "cache",
        "APT::Default-Release": "",
        "APT::Update::Error-Mode": "any",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
    }
    if os.geteuid() == 0:
        # the user apt would drop to may be unable to enter this folder
        options["APT::Sandbox::User"] = "root"
    pairs = [f"{name}={value}" for name, value in options.items()]
    return ["apt-get", "-q", *(part for pair in pairs for part in ("-o", pair))]


def _advice(output):
    if re.search(r"NO_PUBKEY|public key|Missing key|not signed", output):
        return (
            "This machine's Debian keyring does not know the key that signs the "
            "unstable suite: install a newer debian-archive-keyring and start again. "
            + ELSEWHERE
        )
    return f"Start again when the Debian mirror answers. {ELSEWHERE}"


def _download_size(packages):
    command = [*_apt_get(), "download", "--print-uris", *packages]
    listing = run_logged(command, "apt-uris.log", _advice, cwd=APT)
    return sum(
        int(size) for size in re.findall(r"^'.*' \S+ (\d+) ", listing, re.MULTILINE)
    )


def _is_debian_archive(source):
    suites, components = source["suites"].split(), source["components"].split()
    return bool(SUITES.intersection(suites)) and "main" in components


def _list_sources():
    line_format = re.compile(r"^deb\s+(?:\[(.*?)\]\s+)?(\S+)\s+(\S+)\s+(.+)$")
    kept = ("signed-by", "trusted", "check-valid-until")
    for text in _read_sources("list"):
        for line in text.splitlines():
            match = line_format.match(line.partition("#")[0].strip())
            if not match:
                continue
            options, uri, suite, components = match.groups()
            pairs = [pair.partition("=")[::2] for pair in (options or "").split()]
            source = {name.lower(): value for name, value in pairs}
            source = {name: source[name] for name in kept if name in source}
            yield {**source, "uris": uri, "suites": suite, "components": components}


def _deb822_sources():
    for text in _read_sources("sources"):
        lines = [line for line in text.splitlines() if not line.startswith("#")]
        for stanza in re.split(r"\n\s*\n", "\n".join(lines)):
            fields = re.findall(
                r"^([\w-]+):[ \t]*(.*(?:\n[ \t].*)*)", stanza, re.MULTILINE
            )
            source = {name.lower(): value.strip() for name, value in fields}
            enabled = source.pop("enabled", "yes").lower() not in ("no", "false", "0")
            if enabled and {"uris", "suites", "components"} <= set(source):
                yield source


def _read_sources(extension):
    script = _config_values("Dir::Etc::sourcelist/f", "Dir::Etc::sourceparts/d")
    single, folder = (paths.Path(value) for value in script)
    files = sorted(folder.glob(f"*.{extension}"))
    if extension == "list":
        files.insert(0, single)
    return [file.read_text(errors="replace") for file in files if file.is_file()]


def _config_values(*names):
    pairs = [part for pos, name in enumerate(names) for part in (f"v{pos}", name)]
    try:
        output = subprocess.check_output(["apt-config", "shell", *pairs], text=True)
    except FileNotFoundError as error:
        raise Stop(f"There is no apt on this machine. {ELSEWHERE}") from error
    return [part.partition("=")[2] for part in shlex.split(output)]
