from . import mrp_backflush_looked_up
from . import mrp_production
from . import mrp_workorder
from . import stock_move
from . import stock_move_line
from . import stock_quant
from . import stock_rule
from . import stock_warehouse_orderpoint
