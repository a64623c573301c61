"""Reads the state of one environment and one model from the cloud, into the facts that the page shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from infra import naming
from infra.config.loader import PlatformConfig
from local.report.facts import Deployment, Facts, RehearsalStep, Sent
from local.report.sources import alarms, packages, pipelines, serving, stacks, traffic, windows
from local.report.sources.reading import Cloud, Reader, moment

UNKNOWN_SPAN = timedelta(hours=1)
"""How far to look back if the rehearsal left no times."""


def collect(cloud: Cloud, config: PlatformConfig, run: dict[str, Any]) -> Facts:
    """The facts of the model that `run` (out/run.json) is about; what cannot be read is left out and noted.

    `cloud` gives the boto3 client of a service. Nothing is raised for data that are missing or malformed.
    """
    environment, reader = config.environment.name, Reader()
    model = str(run.get("model") or next((model.name for model in config.models), ""))
    name = naming.endpoint_name(environment, model)
    now = datetime.now(UTC)
    started, finished = moment(run.get("started")), moment(run.get("finished"))
    endpoint = reader.attempt("the endpoint", lambda: serving.read(cloud, name, reader), None)
    variants = [variant.name for variant in endpoint.variants] if endpoint else [naming.VARIANT]
    start, end = started or now - UNKNOWN_SPAN, finished or now
    pipeline, group = naming.pipeline_name(environment, model), naming.package_group_name(environment, model)
    attempt = reader.attempt
    return Facts(
        environment=environment,
        account=config.environment.account,
        region=config.environment.region,
        model=model,
        description=next((m.description for m in config.models if m.name == model), ""),
        collected=now,
        started=started,
        finished=finished,
        stacks=attempt("the stacks", lambda: stacks.read(cloud, environment, reader), ()),
        graph=attempt("the pipeline's definition", lambda: pipelines.read_graph(cloud, pipeline), ()),
        executions=attempt(
            "the executions", lambda: pipelines.read_executions(cloud, run.get("training", []), reader), ()
        ),
        packages=attempt("the model packages", lambda: packages.read(cloud, group, reader), ()),
        endpoint=endpoint,
        traffic=attempt("the endpoint's metrics", lambda: traffic.read(cloud, name, variants, start, end), ()),
        sent=attempt("the traffic sent", lambda: _sent(run), ()),
        deployments=attempt("the deployments", lambda: _deployments(run), ()),
        windows=attempt("the monitor's windows", lambda: windows.read(cloud, run.get("windows", []), reader), ()),
        alarms=attempt("the alarms", lambda: alarms.read(cloud, environment, reader), ()),
        steps=attempt("the rehearsal's steps", lambda: _steps(run), ()),
        gaps=tuple(reader.gaps),
    )


def _sent(run: dict[str, Any]) -> tuple[Sent, ...]:
    return tuple(
        Sent(found["label"], int(found["rows"]), int(found["errors"]), float(found["seconds"]))
        for found in run.get("traffic", [])
    )


def _deployments(run: dict[str, Any]) -> tuple[Deployment, ...]:
    return tuple(
        Deployment(
            label=found.get("label", ""),
            start=moment(found.get("start")),
            end=moment(found.get("end")),
            package_arn=found.get("package_arn", ""),
            requests=int(found.get("requests_during", 0)),
            errors=int(found.get("errors_during", 0)),
        )
        for found in run.get("deployments", [])
    )


def _steps(run: dict[str, Any]) -> tuple[RehearsalStep, ...]:
    return tuple(
        RehearsalStep(found["name"], float(found["seconds"]), found.get("status", ""), found.get("detail", ""))
        for found in run.get("steps", [])
    )
