from . import mrp_production
from . import mrp_workcenter
from . import stock_picking_type
from . import card
from . import scan
