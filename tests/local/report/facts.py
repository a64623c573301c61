"""Facts of a rehearsal as it usually goes, for the tests of the page: invented values, realistic in size and shape."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime

from local.report.facts import (
    Alarm,
    Deployment,
    Endpoint,
    Facts,
    RehearsalStep,
    ScalingActivity,
    Sent,
    Series,
    Stack,
    StateChange,
    Variant,
    VariantTraffic,
    Violation,
    Window,
)
from tests.local.report import drift
from tests.local.report.course import EXECUTION, GROUP, PERIOD, START, STEPS, at, begin
from tests.local.report.training import GRAPH, execution, packages


def facts() -> Facts:
    """A rehearsal that went well: drift in June, a second model, and everything quiet again."""
    total = sum(seconds for _, seconds, _ in STEPS)
    return Facts(
        environment="local",
        account="000000000000",
        region="us-east-1",
        model="flight-delay",
        description="Probability that a flight from New York arrives more than 15 minutes late",
        collected=at(total + 1),
        started=START,
        finished=at(total),
        stacks=_stacks(),
        graph=GRAPH,
        executions=(
            execution("first", "x8k2mq0vt1ab", begin("Train on January and February"), cached=()),
            execution("retrained", "p03hd77lz4wy", begin("Drift alarm starts a retraining") + 4, cached=("Baseline",)),
        ),
        packages=packages(),
        endpoint=_endpoint(),
        traffic=(_traffic(),),
        sent=(
            Sent("March", 3000, 0, 17.4),
            Sent("June", 3000, 0, 16.9),
            Sent("during the canary", 598, 0, 24.3),
            Sent("June, retrained", 3000, 0, 17.0),
        ),
        deployments=(
            _deployment("first", 1, "Deploy it", 9.8, 0),
            _deployment("canary", 2, "Canary under traffic", 24.3, 598),
        ),
        windows=(
            _window("March", "Send March's flights", 17.4, 1, season=2, baseline=1),
            _window("June", "Send June's flights", 16.9, 1, season=3, baseline=1),
            _window("June, retrained", "Send June's flights again", 17.0, 2, season=3, baseline=3),
        ),
        alarms=_alarms(),
        steps=tuple(RehearsalStep(name, seconds, "done", detail) for name, seconds, detail in STEPS),
    )


def empty() -> Facts:
    """An environment of which nothing is known yet."""
    return Facts(environment="local", account="000000000000", region="us-east-1", model="", collected=START)


def _stacks() -> tuple[Stack, ...]:
    sizes = {
        "network": 62,
        "foundation": 31,
        "registry": 5,
        "features": 6,
        "flight-delay-pipeline": 9,
        "flight-delay-serving": 14,
        "flight-delay-monitoring": 11,
        "operations": 24,
    }
    updated = {"flight-delay-serving": begin("Canary under traffic") + 24}
    return tuple(
        Stack(
            f"sagestead-local-{name}",
            "UPDATE_COMPLETE" if name in updated else "CREATE_COMPLETE",
            size,
            at(updated.get(name, 12 + 4 * index)),
        )
        for index, (name, size) in enumerate(sizes.items())
    )


def _endpoint() -> Endpoint:
    name = "sagestead-local-flight-delay"
    return Endpoint(
        name=name,
        status="InService",
        config="EndpointConfig-1R7WQ2",
        updated=at(begin("Canary under traffic") + 23),
        capture_percent=100,
        package_arn=f"{GROUP}/2",
        variants=(
            Variant(
                "champion",
                2,
                2,
                1.0,
                "ml.m5.large",
                1,
                2,
                ("SageMakerVariantInvocationsPerInstance at 1000",),
            ),
        ),
        activities=(
            ScalingActivity(
                at(begin("Send March's flights") + 12), "Successful", "Setting desired instance count to 2."
            ),
        ),
    )


def _traffic() -> VariantTraffic:
    batches = [
        (begin("Send March's flights"), 17.4, 172.0),
        (begin("Send June's flights"), 16.9, 178.0),
        (begin("Canary under traffic"), 24.3, 24.6),
        (begin("Send June's flights again"), 17.0, 176.0),
    ]
    counts: list[tuple[datetime, float]] = []
    for index in range(0, 260, PERIOD):
        overlap = sum(
            max(0.0, min(index + PERIOD, start + length) - max(index, start)) * rate for start, length, rate in batches
        )
        if overlap:
            counts.append((at(index), float(round(overlap))))
    p50 = tuple((time, 2.9 + 0.4 * math.sin(index)) for index, (time, _) in enumerate(counts))
    p99 = tuple((time, 8.1 + 2.2 * math.cos(2.1 * index)) for index, (time, _) in enumerate(counts))
    return VariantTraffic(
        variant="champion",
        invocations=Series(PERIOD, tuple(counts)),
        server_errors=Series(PERIOD),
        latency_p50_ms=Series(PERIOD, p50),
        latency_p99_ms=Series(PERIOD, p99),
        cpu_percent=Series(PERIOD, tuple((time, value / 40) for time, value in counts)),
        memory_percent=Series(PERIOD, tuple((time, 11.5) for time, _ in counts)),
        overall_p50_ms=2.91,
        overall_p99_ms=9.64,
    )


def _deployment(label: str, version: int, step: str, seconds: float, requests: int) -> Deployment:
    start = begin(step)
    return Deployment(label, at(start), at(start + seconds), f"{GROUP}/{version}", requests, 0)


def _window(label: str, step: str, seconds: float, package: int, *, season: int, baseline: int) -> Window:
    features = drift.features(season, baseline)
    violations = tuple(
        Violation(
            feature.name,
            "baseline_drift_check",
            f"Baseline drift distance: {feature.distance:.4f} exceeds threshold: {feature.threshold}",
        )
        for feature in features
        if feature.violated
    )
    start = begin(step)
    return Window(
        label=label,
        execution_arn=f"{EXECUTION}/{label}",
        start=at(int(start)),
        end=at(int(start + seconds) + 1),
        package_arn=f"{GROUP}/{package}",
        records=3000,
        rejected=0,
        features=features,
        violations=violations,
    )


def _alarms() -> tuple[Alarm, ...]:
    raised, quiet = begin("Monitor June") + 8, begin("Monitor June") + 19
    created = at(50)
    settled = (StateChange(created, "INSUFFICIENT_DATA", "OK", "no datapoint is breaching"),)
    drifted = (
        *settled,
        StateChange(at(raised), "OK", "ALARM", "Threshold Crossed: GreaterThanOrEqualToThreshold 1.0"),
        StateChange(at(quiet), "ALARM", "OK", "Threshold Crossed: GreaterThanOrEqualToThreshold 1.0"),
    )
    name = "sagestead-local-flight-delay"
    text = "{}. Runbook: docs/runbooks/{}.md"
    return (
        Alarm(
            f"{name}-data-quality-drift",
            "OK",
            text.format("Captured requests break the baseline's constraints", "drift"),
            at(quiet),
            "",
            drifted,
        ),
        Alarm(f"{name}-errors", "OK", text.format("More than 1 % of requests fail", "errors"), created, "", settled),
        Alarm(f"{name}-latency", "OK", text.format("p99 latency over 500 ms", "latency"), created, "", settled),
        Alarm(f"{name}-cpu", "INSUFFICIENT_DATA", text.format("CPU over 80 %", "saturation"), at(46), "", ()),
    )


def troubled() -> Facts:
    """The same with everything that can go wrong: long texts, failures, values that are not there."""
    good = facts()
    first = good.executions[0]
    reason = (
        "AlgorithmError: <script>alert(1)</script> ValueError: /opt/ml/input/data/train has no CSV file; exit code: 1"
    )
    failed = replace(
        first,
        status="Failed",
        steps=(first.steps[0], replace(first.steps[1], status="Failed", failure=reason)),
    )
    alarm = replace(good.alarms[0], state="ALARM", history=good.alarms[0].history[:2])
    return replace(
        good,
        finished=None,
        stacks=(*good.stacks[:-1], Stack("sagestead-local-operations", "UPDATE_ROLLBACK_COMPLETE", None, None, reason)),
        executions=(failed,),
        packages=(replace(good.packages[0], metrics=(), roc=None, approval="Rejected"),),
        windows=(good.windows[0], replace(good.windows[1], features=(), violations=None, records=None)),
        alarms=(alarm, *good.alarms[1:]),
        sent=(Sent("March", 3000, 4, 17.4),),
    )
