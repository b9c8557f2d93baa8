from . import mrp_bom
from . import mrp_backflush_finding
