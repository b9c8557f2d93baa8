{
    "name": "Automatic Backflushing: Valuation",
    "version": "19.0.1.1.0",
    "category": "Supply Chain/Manufacturing",
    "summary": "What is backflushed, valued: the same numbers in stock and in cost",
    "author": "backflush_auto contributors",
    "license": "LGPL-3",
    "depends": ["backflush_auto", "mrp_account"],
    "auto_install": True,
}
