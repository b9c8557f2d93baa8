from . import test_extended
from . import test_ledger
from . import test_queries
from . import test_switches
