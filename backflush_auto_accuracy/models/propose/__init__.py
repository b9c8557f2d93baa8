from . import mrp_backflush_count
from . import mrp_backflush_proposal
