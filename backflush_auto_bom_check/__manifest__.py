{
    "name": "Automatic Backflushing: BoM Check",
    "version": "19.0.1.2.1",
    "category": "Supply Chain/Manufacturing",
    "summary": "What bills of materials will deduct wrongly, and what to do about it",
    "author": "backflush_auto contributors",
    "license": "LGPL-3",
    "depends": ["backflush_auto"],
    "auto_install": True,
    "data": [
        "security/ir.model.access.csv",
        "security/bom_check_security.xml",
        "data/bom_check_data.xml",
        "views/mrp_backflush_finding_views.xml",
        "views/mrp_bom_views.xml",
        "views/menus.xml",
    ],
    "demo": ["demo/factory_mistakes.xml"],
    "assets": {
        "web.assets_tests": ["backflush_auto_bom_check/static/tests/tours/**/*"],
    },
    "pre_init_hook": "pre_init_hook",
    "uninstall_hook": "uninstall_hook",
}
