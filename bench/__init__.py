"""Measures against stock Odoo: the same work by both, in one process and one run."""
