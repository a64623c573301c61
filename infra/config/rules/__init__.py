"""Rules over several keys: each is one function that takes a view and yields what it finds."""
