"""The local rehearsal of the platform: a local cloud and the script that takes a model through its life on it."""
