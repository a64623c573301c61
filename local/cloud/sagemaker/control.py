"""The SageMaker API itself: each module beside this one declares its operations on `service`."""

from __future__ import annotations

from local.cloud.kernel.service import Service

service = Service("sagemaker")
