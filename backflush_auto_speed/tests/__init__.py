from . import test_correction_queries
from . import test_creation
from . import test_extended
from . import test_pending_quants
from . import test_queries
from . import test_reading
from . import test_switches
