"""Container images and model package groups."""
