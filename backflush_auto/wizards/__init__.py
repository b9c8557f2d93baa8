from . import mrp_backflush_report_mixin
from . import mrp_backflush_report
from . import mrp_backflush_report_texts
from . import mrp_backflush_report_serials
from . import mrp_backflush_report_component
from . import mrp_backflush_report_order
from . import mrp_consumption_warning
from . import mrp_production_backorder
