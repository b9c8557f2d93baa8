from . import test_causes
from . import test_counts
from . import test_estimator
from . import test_proposals
from . import test_translations
from . import test_variance
