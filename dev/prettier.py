"""Prettier, for the format of XML and JavaScript; where there is npm."""

import shutil
import subprocess

from . import console, locks, paths

PACKAGES = ("prettier@3.10.1", "@prettier/plugin-xml@3.4.2")
NODE = paths.STATE / "node"
STAMP = NODE / "complete"
FORMATTED = {".xml", ".js", ".scss", ".css"}


def check(files, fix=False):
    """Problems of format; None where prettier cannot be had."""
    formatted = [str(file) for file in files if file.suffix in FORMATTED]
    if not formatted:
        return []
    if not shutil.which("npm"):
        return None
    _ensure()
    plugin = NODE / "node_modules/@prettier/plugin-xml/src/plugin.js"
    program = NODE / "node_modules/prettier/bin/prettier.cjs"
    command = ["node", program, f"--plugin={plugin}", "--log-level=warn"]
    command += ["--write" if fix else "--check", *formatted]
    done = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True)
    return (done.stdout + done.stderr).splitlines() if done.returncode else []


def _ensure():
    wanted = " ".join(PACKAGES)
    with locks.exclusive("prettier", "it installs prettier"):
        if STAMP.is_file() and STAMP.read_text() == wanted:
            return
        shutil.rmtree(NODE, ignore_errors=True)
        NODE.mkdir(parents=True)
        command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", NODE]
        with console.step("Installing prettier"):
            console.run_logged([*command, *PACKAGES], "npm.log", cwd=NODE)
        STAMP.write_text(wanted)
