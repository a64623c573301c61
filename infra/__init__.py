"""Sagestead's constructs and typed configuration."""
