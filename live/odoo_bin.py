"""Starts Odoo. With several workers Odoo starts this file once more, for the bus."""

from odoo import cli

if __name__ == "__main__":
    cli.main()
