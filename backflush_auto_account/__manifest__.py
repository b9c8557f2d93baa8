{
    "name": "Automatic Backflushing: Valuation",
    "version": "19.0.1.4.2",
    "category": "Supply Chain/Manufacturing",
    "summary": "What is backflushed, valued: the same numbers in stock and in cost",
    "author": "backflush_auto contributors",
    "license": "LGPL-3",
    "depends": ["backflush_auto", "mrp_account"],
    "data": [
        "views/mrp_backflush_views.xml",
        "views/stock_scrap_reason_tag_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "auto_install": True,
}
