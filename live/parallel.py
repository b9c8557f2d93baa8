"""Many clients at once."""

import threading
import time


def run_together(calls):
    """Run functions in threads, all from the same moment on; their results.

    :param calls: list of ``(function, argument)``
    """
    barrier = threading.Barrier(len(calls))
    results = [None] * len(calls)

    def run(number, function, argument):
        barrier.wait()
        try:
            results[number] = function(argument)
        except Exception as error:  # shown by the thread that waits
            results[number] = error

    threads = [
        threading.Thread(target=run, args=(number, *call))
        for number, call in enumerate(calls)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        if isinstance(result, Exception):
            raise result
    return results


def wait_until(condition, seconds=120):
    """Wait until something is so; what the condition then returned."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found
