"""Reports from outside: read, checked, held one after the other, and posted."""
