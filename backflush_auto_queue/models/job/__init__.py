from . import mrp_backflush_submitted
