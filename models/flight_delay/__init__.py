"""The flight-delay model: its configuration and its own step code."""
