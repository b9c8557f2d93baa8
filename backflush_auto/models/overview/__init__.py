from . import mrp_bom_line
