from . import test_history
from . import test_recall
from . import test_recall_contents
from . import test_tours
from . import test_translations
