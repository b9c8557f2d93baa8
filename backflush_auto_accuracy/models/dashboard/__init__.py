from . import mrp_backflush_accuracy
