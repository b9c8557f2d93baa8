"""What happens when the addon comes or goes."""


def uninstall_hook(env):
    """Remove the jobs that post reports: nobody could run or show them any more."""
    jobs = env["queue.job"].sudo()
    jobs.search([("model_name", "=", "mrp.backflush.submitted")]).unlink()
