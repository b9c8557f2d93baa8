from . import test_engine
from . import test_allocation
from . import test_completion
from . import test_plan
from . import test_backorder
from . import test_shortage
