from . import mrp_backflush_exception
from . import mrp_backflush_exception_actions
from . import mrp_backflush_exception_activity
from . import mrp_production
from . import mrp_unbuild
from . import stock_move
from . import stock_move_line
from . import stock_quant
