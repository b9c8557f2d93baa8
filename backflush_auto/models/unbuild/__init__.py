from . import mrp_unbuild
from . import stock_move
