from . import mrp_production
from . import mrp_production_posting
from . import mrp_workorder
from . import stock_move
from . import stock_move_line
from . import stock_scrap_reason_tag
