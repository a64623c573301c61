"""Typed configuration: `infra.config.loader.load(root, environment)` reads and checks all of it."""
