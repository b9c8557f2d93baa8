from . import mrp_backflush_submission
from . import mrp_backflush_submitted
from . import mrp_production
from . import mrp_workcenter
from . import stock_picking_type
from . import job
