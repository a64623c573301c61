"""Benchmarks: side by side in one run, as ratios, the last line one JSON object."""
