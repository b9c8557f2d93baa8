"""Where things lie. Everything fetched or made is under one folder, `STATE`."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEV = ROOT / "dev"
LIVE = ROOT / "live"
BENCH = ROOT / "bench"
STATE = ROOT / ".odoo"
LOGS = STATE / "log"
LOCKS = STATE / "locks"
VENV = STATE / "venv"
DATA = STATE / "data"
SCREENSHOTS = STATE / "screenshots"
