"""Keys, buckets and the alarm topic."""
