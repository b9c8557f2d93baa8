"""Where a lot went: plain Python, which asks PostgreSQL and knows no views."""
