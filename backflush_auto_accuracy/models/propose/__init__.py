from . import mrp_backflush_proposal
