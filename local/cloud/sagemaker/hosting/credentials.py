"""Execution roles of endpoints, assumed once and again before their credentials end."""

from __future__ import annotations

import threading
import time

from local.cloud.kernel import scope
from local.cloud.sagemaker.roles import Role

REFRESH_SECONDS = 45 * 60
_roles: dict[tuple[str, str], tuple[float, Role]] = {}
_lock = threading.Lock()


def of(role_arn: str) -> Role:
    """The assumed role of that ARN in the current region."""
    key = (role_arn, scope.current().region)
    with _lock:
        since, role = _roles.get(key, (0.0, None))
        if role is None or time.monotonic() - since > REFRESH_SECONDS:
            role = Role(role_arn, "SageMaker")
            _roles[key] = (time.monotonic(), role)
        return role
