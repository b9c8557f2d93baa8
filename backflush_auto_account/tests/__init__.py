from . import test_scrap_cost
from . import test_bom_price
from . import test_company_cost
from . import test_interim_cost
from . import test_one_number
from . import test_receipt_queries
from . import test_split_rights
from . import test_translations
