"""The CloudWatch metrics of one variant of an endpoint.

Source: SageMaker AI developer guide, "Monitor Amazon SageMaker AI with Amazon CloudWatch": invocations and latency (in
microseconds) are in AWS/SageMaker, the use of the instances in /aws/sagemaker/Endpoints.
"""

from __future__ import annotations

from infra.monitoring.metric import Metric

INVOCATIONS_NAMESPACE = "AWS/SageMaker"
INSTANCES_NAMESPACE = "/aws/sagemaker/Endpoints"
MICROSECONDS_PER_MILLISECOND = 1000


class EndpointMetrics:
    """What SageMaker measures of a variant."""

    def __init__(self, endpoint_name: str, variant_name: str) -> None:
        self._dimensions = {"EndpointName": endpoint_name, "VariantName": variant_name}

    @property
    def invocations(self) -> Metric:
        """Number of requests."""
        return self._metric(INVOCATIONS_NAMESPACE, "Invocations", "Sum")

    @property
    def server_errors(self) -> Metric:
        """Number of requests answered with a 5xx status."""
        return self._metric(INVOCATIONS_NAMESPACE, "Invocation5XXErrors", "Sum")

    @property
    def client_errors(self) -> Metric:
        """Number of requests answered with a 4xx status."""
        return self._metric(INVOCATIONS_NAMESPACE, "Invocation4XXErrors", "Sum")

    def model_latency(self, statistic: str) -> Metric:
        """Time that the container took, in microseconds."""
        return self._metric(INVOCATIONS_NAMESPACE, "ModelLatency", statistic)

    def overhead_latency(self, statistic: str) -> Metric:
        """Time that SageMaker added, in microseconds."""
        return self._metric(INVOCATIONS_NAMESPACE, "OverheadLatency", statistic)

    def cpu(self, statistic: str = "Maximum") -> Metric:
        """Use of all cores together, in percent: with four of them up to 400."""
        return self._metric(INSTANCES_NAMESPACE, "CPUUtilization", statistic)

    def memory(self, statistic: str = "Maximum") -> Metric:
        """Use of the memory, in percent."""
        return self._metric(INSTANCES_NAMESPACE, "MemoryUtilization", statistic)

    def _metric(self, namespace: str, name: str, statistic: str) -> Metric:
        return Metric(namespace, name, statistic, self._dimensions)
