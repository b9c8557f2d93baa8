from . import mrp_backflush_count
