from . import mrp_bom
from . import mrp_backflush_count
from . import stock_quant
