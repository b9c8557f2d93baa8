from . import mrp_backflush_variance
from . import mrp_bom
from . import mrp_workcenter
from . import product_product
from . import product_template
from . import stock_move
