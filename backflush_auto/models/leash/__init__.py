from . import mrp_backflush_negative
from . import product_product
from . import stock_move
from . import stock_quant
