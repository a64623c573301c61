"""SageMaker Feature Store Runtime: records in the online and the offline store, declared by `feature_store.records`."""

from __future__ import annotations

from local.cloud.sagemaker.data_plane import DataPlaneService

service = DataPlaneService("sagemaker-featurestore-runtime")
