from . import context
from . import models
