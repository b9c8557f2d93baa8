"""How much a component takes, and from where, in plain Python without the ORM."""
