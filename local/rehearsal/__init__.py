"""The rehearsal: deploy the platform to the local cloud and take a model through its whole life on it."""
