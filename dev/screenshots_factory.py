"""The pictures of docs/configuration.md: the factory of the demo data."""

from odoo.tests import tagged

from dev.pictures import PictureCase

LINES = "[name=bom_line_ids]"
COMPONENTS = "[name=move_raw_ids]"
LINE_COLUMNS = ("operation_id",)
COMPONENT_COLUMNS = (
    "backflush_location_id",
    "backflush_target_qty",
    "backflush_covered_qty",
)


@tagged("post_install", "-at_install")
class FactoryPictures(PictureCase):
    """Not a test: each step leaves a picture."""

    def test_pictures(self):
        self._log_in("admin")
        self._take_settings()
        self._take_bom()
        self._take_checks()
        self._take_orders()

    def _get_id(self, name):
        return self.env.ref(f"backflush_auto.{name}").id

    def _take_settings(self):
        self._open("/odoo/action-mrp.action_mrp_configuration")
        self._find("#backflush_default").evaluate("it => it.scrollIntoView()")
        self._take("settings", "#backflush_default")
        template = self.env.ref("backflush_auto.product_glue").product_tmpl_id
        self._open(f"/odoo/action-stock.product_template_action_product/{template.id}")
        self._click(".nav-link[name=inventory]")
        self._take("product", "[name=backflush_method]")
        self._open(f"/odoo/workcenters/{self._get_id('workcenter_saw')}")
        self._take("work_center", "[name=backflush_location_id]")

    def _take_bom(self):
        url = f"/odoo/boms/{self._get_id('bom_table')}"
        self._open(url)
        self._show_columns(LINES, LINE_COLUMNS)
        self._take("table_bom", f"{LINES} .o_data_row", height=900)
        for name, row in (("board", 1), ("varnish", 5), ("cleaning", 7)):
            self._open(url)
            self._click(f"{LINES} .o_data_row:nth-child({row}) .backflush_open_line")
            self._take(f"line_{name}", ".modal [name=backflush_summary]")

    def _show_columns(self, field, names):
        button = f"{field} .o_optional_columns_dropdown button"
        self._click(button)
        for name in names:
            self._click(f".o-dropdown--menu input[name={name}]")
        self._click(button)

    def _take_orders(self):
        self._open(f"/odoo/manufacturing/{self._get_id('order_table_started')}")
        self._show_columns(COMPONENTS, COMPONENT_COLUMNS)
        self._take("order_started", f"{COMPONENTS} [name=backflush_target_qty]", 960)
        order = self.env.ref("backflush_auto.order_table_started")
        cut = order.workorder_ids.sorted("sequence")[:1]
        self._open(f"/odoo/work-orders/{cut.id}")
        self._click(".nav-link[name=components]")
        self._take("work_order", ".o_form_view")
        self._open(f"/odoo/manufacturing/{self._get_id('order_table')}")
        self._click("[name=action_backflush_report]")
        self._enter(".modal [name=quantity] input", 4)
        self._take("table_report", ".modal [name=remainder]", height=900)
        self._open(f"/odoo/manufacturing/{self._get_id('order_table')}")
        self._take("order_bulk", "[name=backflush_bulk]", height=960)
        side_table = self.env.ref("backflush_auto.order_side_table")
        side_table.with_user(self.env.ref("base.user_admin")).backflush_post()
        self._open("/odoo/backflushes")
        self._take("postings", ".o_list_view .o_data_row", height=420)

    def _take_checks(self):
        self._open("/odoo/bom-check")
        self._take("factory_check", "td[name=severity]", height=480)
