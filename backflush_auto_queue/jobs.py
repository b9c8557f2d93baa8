"""Jobs of queue_job: how large ours are, and which can still be counted on."""

from odoo.addons.queue_job.job import ENQUEUED, PENDING, STARTED, WAIT_DEPENDENCIES

# Reports that a job posts: as many as are posted together.
SIZE = 100
# In which a job is still going to run, or running.
ALIVE = (WAIT_DEPENDENCIES, PENDING, ENQUEUED, STARTED)
# Seconds until reports are looked at again that have to wait for earlier ones.
TURN = 5
