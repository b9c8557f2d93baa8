"""The arithmetic of accuracy, in plain Python: no ORM, no database."""
