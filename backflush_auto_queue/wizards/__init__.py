from . import mrp_backflush_short
from . import mrp_backflush_submitted_correction
