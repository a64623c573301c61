"""SageMaker Runtime: InvokeEndpoint, declared by `hosting.invocation`."""

from __future__ import annotations

from local.cloud.sagemaker.data_plane import DataPlaneService

service = DataPlaneService("sagemaker-runtime")
