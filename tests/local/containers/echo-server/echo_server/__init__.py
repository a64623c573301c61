"""A serving container for the tests of hosting."""
