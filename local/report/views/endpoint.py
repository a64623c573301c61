"""The endpoint's metrics over time, with what happened meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from local.report.charts import series
from local.report.charts.scale import Span
from local.report.charts.series import Chart
from local.report.facts import Facts, VariantTraffic


@dataclass(frozen=True)
class Event:
    """A stretch of time marked in the charts: a monitored window (`window`) or a deployment (`deployment`)."""

    key: str
    label: str
    kind: str
    start: datetime
    end: datetime
    x: float
    width: float


@dataclass(frozen=True)
class VariantCharts:
    """The charts of one variant; None where CloudWatch has no value."""

    traffic: VariantTraffic
    requests: Chart | None
    latency: Chart | None
    use: Chart | None

    @property
    def total(self) -> float:
        """Requests in the whole span."""
        return sum(self.traffic.invocations.values)

    @property
    def errors(self) -> float:
        """Requests answered with a 5xx status in the whole span."""
        return sum(self.traffic.server_errors.values)


@dataclass(frozen=True)
class EndpointView:
    """The common time axis, its events, and the charts."""

    span: Span | None
    events: tuple[Event, ...]
    variants: tuple[VariantCharts, ...]


def view(facts: Facts) -> EndpointView:
    """The charts from the first deployment or request to the last."""
    span = Span.around(_moments(facts))
    if span is None:
        return EndpointView(None, (), ())
    return EndpointView(span, _events(facts, span), tuple(_charts(variant, span) for variant in facts.traffic))


def _moments(facts: Facts) -> list[datetime]:
    found = [moment for d in facts.deployments for moment in (d.start, d.end) if moment]
    found += [moment for window in facts.windows for moment in (window.start, window.end) if moment]
    for variant in facts.traffic:
        counts = variant.invocations
        found += [time for time, _ in counts.points]
        found += [time + timedelta(seconds=counts.period_seconds) for time, _ in counts.points[-1:]]
    return found


def _events(facts: Facts, span: Span) -> tuple[Event, ...]:
    events = []
    for index, window in enumerate(facts.windows):
        if window.start and window.end:
            events.append(_event(chr(ord("A") + index % 26), window.label, "window", window.start, window.end, span))
    for deployment in facts.deployments:
        if deployment.start and deployment.end:
            version = facts.version_of(deployment.package_arn)
            key = "?" if version is None else f"v{version}"
            label = f"{deployment.label} deployment"
            if deployment.requests:
                label += f": {deployment.requests:,} requests meanwhile, {deployment.errors:,} errors"
            events.append(_event(key, label, "deployment", deployment.start, deployment.end, span))
    return tuple(events)


def _event(key: str, label: str, kind: str, start: datetime, end: datetime, span: Span) -> Event:
    left, right = span.percent(start), span.percent(end)
    return Event(key, label, kind, start, end, left, round(right - left, 3))


def _charts(variant: VariantTraffic, span: Span) -> VariantCharts:
    requests = [
        ("requests", "requests", variant.invocations),
        ("server errors", "errors", variant.server_errors),
    ]
    latency = [("p99", "p99", variant.latency_p99_ms), ("p50", "p50", variant.latency_p50_ms)]
    use = [("CPU", "cpu", variant.cpu_percent), ("memory", "memory", variant.memory_percent)]
    return VariantCharts(
        traffic=variant,
        requests=series.rate_bars(requests, span, "requests/s"),
        latency=series.lines(latency, span),
        use=series.lines(use, span),
    )
