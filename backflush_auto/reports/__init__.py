from . import report_mo_overview
