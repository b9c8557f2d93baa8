{
    "name": "Automatic Backflushing: Speed",
    "version": "19.0.1.2.1",
    "category": "Supply Chain/Manufacturing",
    "summary": "The same rows with fewer queries, for many orders and components",
    "author": "backflush_auto contributors",
    "license": "LGPL-3",
    "depends": ["backflush_auto"],
    "auto_install": True,
}
