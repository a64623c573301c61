"""CloudWatch metrics, for alarms and dashboards alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aws_cdk import aws_cloudwatch as cloudwatch


@dataclass(frozen=True)
class Metric:
    """A metric by its namespace, name, dimensions and statistic (`Sum`, `Average`, `Maximum`, `p99`...)."""

    namespace: str
    name: str
    statistic: str
    dimensions: Mapping[str, str] = field(default_factory=dict)

    def query(
        self, period_seconds: int, *, query_id: str = "m1", returned: bool = True
    ) -> cloudwatch.CfnAlarm.MetricDataQueryProperty:
        """The metric as a query of an alarm."""
        return cloudwatch.CfnAlarm.MetricDataQueryProperty(
            id=query_id,
            return_data=returned,
            metric_stat=cloudwatch.CfnAlarm.MetricStatProperty(
                metric=cloudwatch.CfnAlarm.MetricProperty(
                    namespace=self.namespace,
                    metric_name=self.name,
                    dimensions=[
                        cloudwatch.CfnAlarm.DimensionProperty(name=name, value=value)
                        for name, value in self.dimensions.items()
                    ],
                ),
                period=period_seconds,
                stat=self.statistic,
            ),
        )

    def row(self, **rendering: object) -> list[object]:
        """The metric as a row of a dashboard widget; `rendering` are its options there (`label`, `yAxis`...)."""
        dimensions = [part for pair in self.dimensions.items() for part in pair]
        return [self.namespace, self.name, *dimensions, {"stat": self.statistic, **rendering}]


def ratio_percent(
    part: Metric, whole: Metric, period_seconds: int
) -> list[cloudwatch.CfnAlarm.MetricDataQueryProperty]:
    """`part` in percent of `whole`, 0 where there is nothing of it, as queries of an alarm."""
    expression = cloudwatch.CfnAlarm.MetricDataQueryProperty(
        id="rate", expression="IF(FILL(whole, 0) > 0, 100 * FILL(part, 0) / whole, 0)", return_data=True
    )
    return [
        expression,
        part.query(period_seconds, query_id="part", returned=False),
        whole.query(period_seconds, query_id="whole", returned=False),
    ]
