"""Thin stacks, one per lifetime; references between them point downwards only and are weak."""
