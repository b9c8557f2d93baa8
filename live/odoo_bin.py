"""Starts Odoo. With several workers Odoo starts this file once more, for the bus."""

import ctypes
import signal

from odoo import cli

PR_SET_PDEATHSIG = 1

if __name__ == "__main__":
    # a server shall not outlive its tests, however they end
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    cli.main()
