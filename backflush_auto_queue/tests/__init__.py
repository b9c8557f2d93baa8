from . import test_refused
from . import test_short
from . import test_submit
from . import test_translations
