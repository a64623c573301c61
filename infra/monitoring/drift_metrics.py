"""The CloudWatch metrics that the data-quality monitor publishes."""

from __future__ import annotations

from infra.monitoring.metric import Metric

# The namespace of AWS's Model Monitor, so that dashboards made for it go on working.
FEATURES_NAMESPACE = "aws/sagemaker/Endpoints/data-metrics"
VERDICTS_NAMESPACE = "Sagestead/Monitoring"
MONITOR = "data-quality"


class DriftMetrics:
    """What a model's data-quality monitor says: one verdict per run, and figures per feature."""

    def __init__(self, *, model_name: str, endpoint_name: str, monitor_name: str) -> None:
        self._verdict = {"Model": model_name, "Monitor": MONITOR}
        self._feature = {"Endpoint": endpoint_name, "MonitoringSchedule": monitor_name}

    @property
    def violations(self) -> Metric:
        """Number of violated constraints in a run's window."""
        return Metric(VERDICTS_NAMESPACE, "Violations", "Maximum", self._verdict)

    @property
    def records(self) -> Metric:
        """Number of captured requests in a run's window."""
        return Metric(VERDICTS_NAMESPACE, "Records", "Sum", self._verdict)

    @property
    def rejected_records(self) -> Metric:
        """Number of captured requests that could not be read."""
        return Metric(VERDICTS_NAMESPACE, "RejectedRecords", "Sum", self._verdict)

    def drift(self, feature: str) -> Metric:
        """Distance of a feature's distribution from the baseline, from 0 to 1."""
        return Metric(FEATURES_NAMESPACE, f"feature_baseline_drift_{feature}", "Maximum", self._feature)
