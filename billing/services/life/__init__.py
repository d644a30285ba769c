"""A bill after it was issued. One engine for every kind of change; each kind in a module of its own."""
