from . import context
from . import models
from . import wizards
