"""Facts of a rehearsal as it usually goes, for the tests of the page: invented values, realistic in size and shape."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from local.report.facts import (
    Alarm,
    Deployment,
    Distribution,
    Endpoint,
    Execution,
    Facts,
    FeatureDrift,
    GraphStep,
    Package,
    RehearsalStep,
    RocCurve,
    ScalingActivity,
    Sent,
    Series,
    Stack,
    StateChange,
    StepRun,
    Variant,
    VariantTraffic,
    Violation,
    Window,
)

START = datetime(2026, 11, 23, 14, 2, 7, tzinfo=UTC)
GROUP = "arn:aws:sagemaker:us-east-1:000000000000:model-package/sagestead-local-flight-delay"
EXECUTION = "arn:aws:sagemaker:us-east-1:000000000000:pipeline/sagestead-local-flight-delay/execution"
PERIOD = 5
STEPS = (
    ("Check the configuration", 0.4, "local: 1 model(s)"),
    ("Start the local cloud", 2.9, "http://127.0.0.1:4566"),
    ("cdk bootstrap", 6.2, ""),
    ("cdk deploy", 41.7, "9 stacks"),
    ("January and February land", 1.3, "5 files in s3://sagestead-local-foundation-raw/flight-delay/"),
    ("Train on January and February", 39.0, "package version 1 PendingManualApproval"),
    ("Approve the first package", 0.1, "1"),
    ("Deploy it", 9.8, "sagestead-local-flight-delay is InService"),
    ("Send March's flights", 17.4, "3000 requests, 172 a second, 0 errors"),
    ("Monitor March", 8.8, "3000 records, 0 rejected, no violation"),
    ("March to June land", 1.9, "9 files in s3://sagestead-local-foundation-raw/flight-delay/"),
    ("Send June's flights", 16.9, "3000 requests, 178 a second, 0 errors"),
    ("Monitor June", 8.5, "3000 records, 0 rejected, violations: temperature_fahrenheit (baseline_drift_check)"),
    ("Drift alarm starts a retraining", 44.6, "package version 2 PendingManualApproval"),
    ("Approve the second package", 0.1, "2"),
    ("Canary under traffic", 24.3, "sagestead-local-flight-delay/2 is live; 598 requests meanwhile, 0 errors"),
    ("Send June's flights again", 17.0, "3000 requests, 176 a second, 0 errors"),
    ("Monitor June again", 8.6, "3000 records, 0 rejected, no violation"),
)
FEATURES = (
    # name, type, mean and deviation in the winter, in March, in June
    ("temperature_fahrenheit", "Fractional", (35.6, 10.0), (40.1, 7.2), (72.3, 8.6)),
    ("dew_point_fahrenheit", "Fractional", (21.4, 13.4), (26.0, 9.1), (60.1, 7.7)),
    ("humidity_percent", "Fractional", (58.0, 17.0), (56.3, 16.0), (67.5, 18.0)),
    ("pressure_millibars", "Fractional", (1018.2, 8.4), (1014.9, 7.6), (1013.6, 5.1)),
    ("wind_speed_mph", "Fractional", (10.8, 6.0), (12.0, 5.9), (9.9, 5.0)),
    ("scheduled_departure_hour", "Integral", (13.0, 4.7), (13.1, 4.7), (13.2, 4.7)),
    ("day_of_week", "Integral", (3.0, 2.0), (3.1, 2.0), (3.1, 2.0)),
)
RANGES = {
    "temperature_fahrenheit": (10.0, 98.0),
    "dew_point_fahrenheit": (-10.0, 78.0),
    "humidity_percent": (15.0, 100.0),
    "pressure_millibars": (985.0, 1042.0),
    "wind_speed_mph": (0.0, 36.0),
    "scheduled_departure_hour": (4.5, 23.5),
    "day_of_week": (-0.5, 6.5),
}


def at(seconds: float) -> datetime:
    """A moment of the rehearsal."""
    return START + timedelta(seconds=seconds)


def begin(step: str) -> float:
    """When a step of the rehearsal began, in seconds from its start."""
    names = [name for name, _, _ in STEPS]
    return sum(seconds for _, seconds, _ in STEPS[: names.index(step)])


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
            _execution("first", "x8k2mq0vt1ab", begin("Train on January and February"), cached=()),
            _execution("retrained", "p03hd77lz4wy", begin("Drift alarm starts a retraining") + 4, cached=("Baseline",)),
        ),
        packages=_packages(),
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


GRAPH = (
    GraphStep("Prepare", "Processing"),
    GraphStep("Train", "Training", ("Prepare",)),
    GraphStep("Baseline", "Processing", ("Prepare",)),
    GraphStep("Evaluate", "Processing", ("Prepare", "Train")),
    GraphStep("QualityGate", "Condition", ("Evaluate",)),
    GraphStep("Register-RegisterModel", "RegisterModel", ("QualityGate", "Train", "Evaluate", "Baseline"), "if"),
    GraphStep("Reject", "Fail", ("QualityGate",), "else"),
)


def _execution(label: str, name: str, start: float, cached: tuple[str, ...]) -> Execution:
    times = {
        "Prepare": (0.3, 14.2),
        "Train": (14.6, 27.9),
        "Baseline": (14.6, 20.1),
        "Evaluate": (28.2, 35.8),
        "QualityGate": (36.0, 36.1),
        "Register-RegisterModel": (36.3, 36.6),
    }
    steps = [
        StepRun(
            step,
            "Succeeded",
            at(start + first),
            at(start + (first + 0.05 if step in cached else last)),
            cached=step in cached,
        )
        for step, (first, last) in times.items()
    ]
    parameters = (
        ("RawDataUri", "s3://raw/flight-delay/"),
        ("DataVersion", "landed-3f61a20c94de" if label == "first" else "2026-11-23T14:04:43.000Z"),
        ("TrainingDays", "59"),
        ("MinimumAuc", "0.62"),
    )
    return Execution(label, f"{EXECUTION}/{name}", "Succeeded", at(start), at(start + 37), tuple(steps), parameters)


def _packages() -> tuple[Package, ...]:
    return tuple(
        Package(
            f"{GROUP}/{version}",
            version,
            "Approved",
            at(created),
            data_version=data,
            training_days="59",
            metrics=(
                ("auc", auc),
                ("accuracy", 0.79 - 0.01 * version),
                ("precision", 0.61),
                ("recall", 0.22 + 0.05 * version),
                ("f1", 0.34 + 0.03 * version),
                ("brier", 0.151),
            ),
            test_rows=7642 + 391 * version,
            roc=_roc(auc),
        )
        for version, auc, created, data in (
            (1, 0.689, begin("Train on January and February") + 37, "landed-3f61a20c94de"),
            (2, 0.741, begin("Drift alarm starts a retraining") + 41, "2026-11-23T14:04:43.000Z"),
        )
    )


def _roc(auc: float) -> RocCurve:
    # The curve y = x ** p has the area 1 / (p + 1).
    rates = [index / 60 for index in range(61)]
    return RocCurve(tuple(rates), tuple(rate ** (1 / auc - 1) for rate in rates))


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
    features = [_numeric(entry, season, baseline) for entry in FEATURES]
    features.append(_categorical(season, baseline))
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
        features=tuple(features),
        violations=violations,
    )


def _numeric(entry: tuple, season: int, baseline: int) -> FeatureDrift:
    name, kind = entry[0], entry[1]
    low, high = RANGES[name]
    bins = round(high - low) if kind == "Integral" else 20
    edges = tuple(low + (high - low) * index / bins for index in range(bins + 1))
    before, now = _shares(edges, *entry[1 + baseline]), _shares(edges, *entry[season + 1])
    distance = round(_distance(before, now), 4)
    return FeatureDrift(
        name,
        kind,
        distance,
        0.5,
        distance > 0.5,
        ("baseline_drift_check",) if distance > 0.5 else (),
        Distribution(before, edges=edges),
        Distribution(now, edges=edges),
    )


def _shares(edges: tuple[float, ...], mean: float, deviation: float) -> tuple[float, ...]:
    below = [0.5 * (1 + math.erf((edge - mean) / deviation / math.sqrt(2))) for edge in edges]
    shares = [high - low for low, high in pairwise(below)]
    return tuple(share / sum(shares) for share in shares)


def _distance(before: tuple[float, ...], now: tuple[float, ...]) -> float:
    difference, largest = 0.0, 0.0
    for a, b in zip(before, now, strict=True):
        difference += b - a
        largest = max(largest, abs(difference))
    return largest


def _categorical(season: int, baseline: int) -> FeatureDrift:
    names = ("UA", "B6", "EV", "DL", "AA", "MQ", "US", "9E", "WN", "VX", "FL", "AS", "(other)")
    seasons = {
        1: (17.1, 16.4, 15.7, 13.6, 9.9, 8.4, 6.0, 6.0, 3.6, 1.2, 1.1, 0.2, 0.8),
        2: (17.3, 16.5, 16.0, 14.4, 9.5, 7.7, 6.0, 5.6, 3.6, 1.4, 1.1, 0.2, 0.7),
        3: (17.6, 16.4, 15.8, 14.8, 9.9, 7.7, 6.1, 5.1, 3.6, 1.8, 0.9, 0.2, 0.1),
    }
    before, now = (tuple(share / 100 for share in seasons[s]) for s in (baseline, season))
    distance = round(max(abs(a - b) for a, b in zip(before, now, strict=True)), 4)
    sides = (Distribution(before, categories=names), Distribution(now, categories=names))
    return FeatureDrift("carrier", "String", distance, 0.1, distance > 0.1, (), *sides)


def _alarms() -> tuple[Alarm, ...]:
    raised, quiet = begin("Monitor June") + 8, begin("Monitor June") + 19
    created = at(50)
    settled = (StateChange(created, "INSUFFICIENT_DATA", "OK", "no datapoint is breaching"),)
    drift = (
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
            drift,
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
