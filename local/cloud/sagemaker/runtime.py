"""SageMaker Runtime: InvokeEndpoint."""

from __future__ import annotations

from local.cloud.kernel.service import Service

service = Service("sagemaker-runtime")
