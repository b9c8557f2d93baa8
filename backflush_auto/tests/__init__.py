from importlib.util import find_spec

from . import test_api
from . import test_batch
from . import test_bulk
from . import test_bom_check
from . import test_bom_overview
from . import test_completion
from . import test_operation
from . import test_replenishment
from . import test_parts
from . import test_parts_cost
from . import test_parts_flows
from . import test_parts_unbuild
from . import test_parts_workorders
from . import test_plan
from . import test_switch
from . import test_copies
from . import test_api_operation
from . import test_backorder
from . import test_shortage
from . import test_lots
from . import test_reach
from . import test_entries
from . import test_form_numbers
from . import test_recipes
from . import test_flows
from . import test_workorders
from . import test_report_dialog
from . import test_rights
from . import test_flag_off
from . import test_quantity_rules
from . import test_point_of_use
from . import test_rule_sentence
from . import test_queries
from . import test_concurrency
from . import test_tours
from . import test_line_tours
from . import test_translations

# ./run test brings it; the Python of somebody's own Odoo may be without.
if find_spec("hypothesis"):
    from . import test_engine
    from . import test_allocation
    from . import test_invariants
    from . import test_report_invariants
    from . import test_parts_invariants
    from . import test_operation_invariants
