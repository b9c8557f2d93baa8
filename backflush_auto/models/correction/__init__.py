from . import mrp_backflush
from . import mrp_production
from . import mrp_workorder
from . import stock_move
