{
    "name": "Automatic Backflushing: Recall",
    "version": "19.0.1.0.1",
    "category": "Supply Chain/Manufacturing",
    "summary": "Where a lot went, or came from, and how sure that is",
    "author": "backflush_auto contributors",
    "license": "LGPL-3",
    "depends": ["backflush_auto"],
    "auto_install": True,
    "data": [
        "security/ir.model.access.csv",
        "security/recall_security.xml",
        "report/mrp_backflush_recall_report.xml",
        "views/mrp_backflush_recall_views.xml",
        "views/stock_lot_views.xml",
    ],
    "assets": {
        "web.assets_tests": ["backflush_auto_recall/static/tests/tours/**/*"],
    },
}
