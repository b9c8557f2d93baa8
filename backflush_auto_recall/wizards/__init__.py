from . import mrp_backflush_recall
