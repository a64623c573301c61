"""The AWS clients, made once per execution environment."""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

# Shorter than botocore's 60 s, so that a hanging call ends well within the function's timeout, and is tried
# again.
CONFIG = Config(connect_timeout=5, read_timeout=15, retries={"mode": "standard", "total_max_attempts": 3})


@cache
def client(service: str) -> Any:
    """Return the boto3 client of a service; region, credentials and endpoint come from the environment."""
    return boto3.client(service, config=CONFIG)
