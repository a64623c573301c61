"""The table of what an environment costs a month while nobody uses it."""

from __future__ import annotations

from collections.abc import Iterator

from docs.generator.markdown import table
from docs.generator.templates import ROOT, Resource, Stack, stacks
from infra.config.loader import load

HOURS = 730
SHOWN = ("dev", "prod")
# List prices of us-east-1 in US dollars, from AWS's pricing pages; AWS changes them, and other regions differ.
INTERFACE_HOUR = 0.01
KEY_MONTH = 1.00
INSTANCE_HOUR = {"ml.m5.large": 0.115, "ml.m6i.large": 0.115}
ALARM_METRIC_MONTH = 0.10
CUSTOM_METRIC_MONTH = 0.30
MONITOR_MINUTES = 3
"""Billed minutes of one run of the monitor without data: an assumption, a job's start is most of it."""
PLATFORM_METRICS = 3
"""Violations, Records and RejectedRecords are published each time, the features' only when there was traffic."""
ALARMS_OF_A_POLICY = 2
"""Target tracking makes an alarm to scale out and one to scale in."""
Item = tuple[str, str, float]


def idle() -> str:
    """Each part of the bill of the shown environments, by its formula, and the sums."""
    items = {environment: list(_items(environment)) for environment in SHOWN}
    rows = []
    for index, (name, *_) in enumerate(items[SHOWN[0]]):
        cells = [f"{items[each][index][1]} = {items[each][index][2]:.2f}" for each in SHOWN]
        rows.append((name, *cells))
    sums = [f"**{sum(item[2] for item in items[each]):.0f}**" for each in SHOWN]
    return table(("US dollars a month", *(f"`{each}`" for each in SHOWN)), [*rows, ("all of it", *sums)])


def _items(environment: str) -> Iterator[Item]:
    every = stacks(environment)
    interfaces = [
        each["Properties"]
        for each in _of(every, "AWS::EC2::VPCEndpoint")
        if each["Properties"]["VpcEndpointType"] == "Interface"
    ]
    zones = len(interfaces[0]["SubnetIds"])
    hours = sum(len(each["SubnetIds"]) for each in interfaces) * HOURS
    formula = f"{len(interfaces)} x {zones} zones x {HOURS} h x {INTERFACE_HOUR}"
    yield "interface endpoints", formula, hours * INTERFACE_HOUR
    keys = len(_of(every, "AWS::KMS::Key"))
    yield "KMS keys", f"{keys} x {KEY_MONTH:.2f}", keys * KEY_MONTH
    yield from _instances(every)
    yield from _monitors(environment)
    yield from _alarms(every)
    models = len(load(ROOT, environment).models)
    count = models * PLATFORM_METRICS
    yield "custom metrics", f"{count} x {CUSTOM_METRIC_MONTH:.2f}", count * CUSTOM_METRIC_MONTH


def _instances(every: list[Stack]) -> Iterator[Item]:
    variants = [
        variant
        for config in _of(every, "AWS::SageMaker::EndpointConfig")
        for variant in config["Properties"]["ProductionVariants"]
    ]
    parts = [(v["InitialInstanceCount"], v["InstanceType"], INSTANCE_HOUR[v["InstanceType"]]) for v in variants]
    formula = " + ".join(f"{count} `{kind}` x {HOURS} h x {price}" for count, kind, price in parts)
    yield "endpoint instances", formula, sum(count * price * HOURS for count, _, price in parts)


def _monitors(environment: str) -> Iterator[Item]:
    monitors = [model.monitoring.data_quality for model in load(ROOT, environment).models]
    parts = [(HOURS * 60 // each.window_minutes, INSTANCE_HOUR[each.instance_type]) for each in monitors]
    formula = " + ".join(f"{runs} runs x {MONITOR_MINUTES} min x {price} / 60" for runs, price in parts)
    yield "monitor runs", formula, sum(runs * MONITOR_MINUTES * price / 60 for runs, price in parts)


def _alarms(every: list[Stack]) -> Iterator[Item]:
    queries = [query for alarm in _of(every, "AWS::CloudWatch::Alarm") for query in alarm["Properties"]["Metrics"]]
    own = sum("MetricStat" in query for query in queries)
    policies = ALARMS_OF_A_POLICY * len(_of(every, "AWS::ApplicationAutoScaling::ScalingPolicy"))
    count = own + policies
    yield "alarms, by metric", f"{count} x {ALARM_METRIC_MONTH:.2f}", count * ALARM_METRIC_MONTH


def _of(every: list[Stack], kind: str) -> list[Resource]:
    return [resource for stack in every for _, resource in stack.resources(kind)]
