from . import mrp_bom_line
from . import mrp_production
from . import mrp_workorder
from . import stock_move
