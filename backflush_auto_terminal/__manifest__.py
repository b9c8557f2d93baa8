{
    "name": "Automatic Backflushing: Terminal",
    "version": "19.0.1.1.0",
    "category": "Supply Chain/Manufacturing",
    "summary": "Report production at the line, on a tablet or phone, also offline",
    "author": "backflush_auto contributors",
    "license": "LGPL-3",
    "depends": ["backflush_auto", "barcodes"],
    "auto_install": True,
    "data": [
        "views/terminal_action.xml",
        "views/mrp_workcenter_views.xml",
        "views/stock_picking_type_views.xml",
        "views/menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "backflush_auto_terminal/static/src/colors.scss",
            "backflush_auto_terminal/static/src/**/*",
        ],
        "web.assets_tests": ["backflush_auto_terminal/static/tests/tours/**/*"],
        "web.assets_unit_tests": ["backflush_auto_terminal/static/tests/*.js"],
    },
}
