from . import mrp_backflush_exception
