"""A container that echoes: what it is given comes back, so that tests can see it."""
