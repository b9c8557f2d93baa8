from . import mrp_production_backorder
