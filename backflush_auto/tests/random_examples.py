"""How many random examples a property test draws, and which."""

import os

from hypothesis import HealthCheck, settings


def examples(number):
    """Draw so many examples, the same in each run.

    ``BACKFLUSH_EXAMPLES`` in the environment draws so many others instead, and pytest's
    ``--hypothesis-seed`` says which.

    :param number: of examples
    :return: ``hypothesis.settings``, the decorator of a test
    """
    wanted = os.environ.get("BACKFLUSH_EXAMPLES")
    return settings(
        max_examples=int(wanted or number),
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=not wanted,
    )
