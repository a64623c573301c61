"""Computes baselines and monitors captured requests, in the file formats of Amazon SageMaker Model Monitor."""
