"""An execution: which step may start, which never will, and how it all ends."""

from __future__ import annotations

import queue
import threading
from collections.abc import Mapping
from typing import Any

from local.cloud.kernel import background
from local.cloud.kernel.store import store
from local.cloud.sagemaker.pipelines import records
from local.cloud.sagemaker.pipelines.definition import Definition, Step, parse
from local.cloud.sagemaker.pipelines.step_run import StepRun

DEFAULT_PARALLEL_STEPS = 2
"""SageMaker's default is 50; two is what a laptop of two cores does at once."""
SOME_FAILED = "Step failure: One or multiple steps failed."
_stops: dict[str, threading.Event] = {}


def start(execution: dict[str, Any]) -> None:
    """Run an execution in the background, from wherever its record stands."""
    stop = _stops[execution["PipelineExecutionArn"]] = threading.Event()
    records.set_execution_status(execution, "Executing")
    background.spawn(f"pipeline {execution['PipelineExecutionArn']}", _run, execution, stop)


def stop(execution: dict[str, Any]) -> None:
    """Stop the running steps and start no more."""
    records.set_execution_status(execution, "Stopping")
    event = _stops.get(execution["PipelineExecutionArn"])
    if event:
        event.set()


def _run(execution: dict[str, Any], stop_event: threading.Event) -> None:
    definition = parse(execution["PipelineDefinition"])
    done: queue.Queue[str] = queue.Queue()
    limit = (execution.get("ParallelismConfiguration") or {}).get("MaxParallelExecutionSteps") or DEFAULT_PARALLEL_STEPS
    running: set[str] = set()
    while True:
        if not stop_event.is_set() and not _failed(execution):
            for step in ready(definition, execution["Steps"])[: limit - len(running)]:
                run = StepRun(execution, step, definition.steps, stop_event)
                running.add(step.name)
                background.spawn(f"step {step.name}", _run_step, run, step.name, done)
        if not running:
            break
        running.discard(done.get())
    _finish(execution, stop_event)


def _run_step(run: StepRun, name: str, done: queue.Queue[str]) -> None:
    try:
        run.run()
    finally:
        done.put(name)


def ready(definition: Definition, ran: Mapping[str, Mapping[str, Any]]) -> list[Step]:
    """The steps that may start now, in the order of the definition.

    A step waits until everything that it needs has succeeded; one in the branch that its condition did not take is
    never ready, and neither is what needs it.
    """
    with store.lock:
        succeeded = {name for name, record in ran.items() if record["StepStatus"] == "Succeeded"}
        return [
            step
            for step in definition.steps.values()
            if step.name not in ran and step.needs <= succeeded and _chosen(step, ran)
        ]


def _chosen(step: Step, ran: Mapping[str, Mapping[str, Any]]) -> bool:
    if step.condition is None:
        return True
    outcome: str = ran[step.condition]["Properties"]["Outcome"]
    return (outcome == "True") == step.branch


def _failed(execution: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    with store.lock:
        return [step for step in execution["Steps"].values() if step["StepStatus"] == "Failed"]


def _finish(execution: dict[str, Any], stop_event: threading.Event) -> None:
    failed = _failed(execution)
    _stops.pop(execution["PipelineExecutionArn"], None)
    if stop_event.is_set():
        records.set_execution_status(execution, "Stopped")
    elif failed:
        said = next((step["FailureReason"] for step in failed if step["StepType"] == "Fail"), "")
        records.set_execution_status(execution, "Failed", said or SOME_FAILED)
    else:
        records.set_execution_status(execution, "Succeeded")
