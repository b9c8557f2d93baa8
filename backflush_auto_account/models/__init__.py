from . import product_product
from . import product_fifo
from . import mrp_backflush
from . import mrp_bom
from . import mrp_bom_line
from . import mrp_production
from . import mrp_workorder
from . import stock_move
