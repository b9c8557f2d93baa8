from . import test_cards
from . import test_colors
from . import test_hoot
from . import test_offline
from . import test_scans
from . import test_tours
from . import test_translations
