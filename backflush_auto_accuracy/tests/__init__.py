from . import test_variance
