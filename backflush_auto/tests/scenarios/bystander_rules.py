"""What is done in one company leaves another alone."""

from .checks import Checks


class BystanderRules(Checks):
    """Of the company that only looks on."""

    RULES = ("_bystander_is_left_alone",)

    def __init__(self, world, oracle, start):
        super().__init__(world, oracle, start)
        self.bystander = world.pool.bystander
        self.begin = self.bystander.read_all()

    def _bystander_is_left_alone(self, event, before, after):
        now = self.bystander.read_all()
        changed = [table for table in now if now[table] != self.begin[table]]
        self._expect(
            "another company is left alone", not changed, "changed: %s", changed
        )
