"""SageMaker Feature Store Runtime: records in the online and the offline store."""

from __future__ import annotations

from local.cloud.kernel.service import Service

service = Service("sagemaker-featurestore-runtime")
