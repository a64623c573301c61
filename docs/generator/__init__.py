"""Writes the tables of the documentation from what is really there: templates, endpoint table, operations."""
