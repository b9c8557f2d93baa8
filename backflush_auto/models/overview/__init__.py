from . import mrp_bom_line
from . import mrp_production
