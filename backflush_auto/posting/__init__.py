"""Postings: read once, decide for all orders, write once; Odoo moves the stock."""
