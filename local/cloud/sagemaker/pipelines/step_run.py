"""One step of an execution from Starting to its end: cache, attempts, result."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from local.cloud.kernel.store import store
from local.cloud.sagemaker.job_kinds import now
from local.cloud.sagemaker.jobs import INTERNAL_ERROR
from local.cloud.sagemaker.pipelines import actions, caching, records, retries
from local.cloud.sagemaker.pipelines.context import ExecutionContext
from local.cloud.sagemaker.pipelines.definition import Step
from local.cloud.sagemaker.pipelines.expressions import ExpressionError, resolve
from local.cloud.sagemaker.roles import Role

log = logging.getLogger("local.cloud.sagemaker.pipelines")
REASON_CHARACTERS = 1024
_NAME_KEYS = {"Processing": "ProcessingJobName", "Training": "TrainingJobName", "Transform": "TransformJobName"}


class StepRun:
    """A step being run; its record is `record`."""

    def __init__(self, execution: dict[str, Any], step: Step, steps: Mapping[str, Step], stop: threading.Event) -> None:
        """Enter the step into the execution as Starting."""
        self._execution, self._step, self._steps, self._stop = execution, step, steps, stop
        self.record: dict[str, Any] = {
            "StepName": step.name,
            "StepType": step.type,
            "StepDisplayName": step.raw.get("DisplayName"),
            "StepDescription": step.raw.get("Description"),
            "StartTime": now(),
            "AttemptCount": 1,
            "Metadata": {},
        }
        with store.lock:
            execution["Steps"][step.name] = self.record
        records.set_step_status(execution, self.record, "Starting")

    def run(self) -> None:
        """Run it; whatever happens, the record says it."""
        try:
            if self._reuse():
                return
            records.set_step_status(self._execution, self.record, "Executing")
            properties = self._attempt_until_done()
            with store.lock:
                self.record["Properties"] = properties
            records.set_step_status(self._execution, self.record, "Succeeded")
        except actions.StepStoppedError:
            records.set_step_status(self._execution, self.record, "Stopped")
        except actions.StepFailedError as error:
            self._fail(str(error))
        except (ExpressionError, ClientError) as error:
            self._fail(f"ClientError: {error}")
        except Exception:
            log.exception("step %s", self._step.name)
            self._fail(INTERNAL_ERROR)

    def _fail(self, reason: str) -> None:
        self.record["FailureReason"] = reason[:REASON_CHARACTERS]
        records.set_step_status(self._execution, self.record, "Failed")

    def _prepare(self, job_name: str) -> tuple[Role, dict[str, Any], dict[str, Any]]:
        """The pipeline's role, the step and its arguments with all expressions resolved."""
        role = Role(self._execution["RoleArn"], f"SageMaker-Pipelines-{self._step.name}")
        context = ExecutionContext(self._execution, self._steps, role, job_name)
        step = {**self._step.raw, "FunctionArn": resolve(self._step.raw.get("FunctionArn"), context)}
        return role, step, resolve(self._step.arguments, context)

    def _reuse(self) -> bool:
        """Take over the result of an earlier execution of this pipeline, where the step allows it."""
        config = self._step.raw.get("CacheConfig") or {}
        if not config.get("Enabled"):
            return False
        _, _, arguments = self._prepare("")
        cache_key = self.record["CacheKey"] = caching.key(self._step.type, arguments)
        limit = now() - caching.parse_duration(config["ExpireAfter"]) if config.get("ExpireAfter") else None
        with store.lock:
            earlier = [
                execution
                for execution in records.executions_of(self._execution)
                if execution["PipelineExecutionArn"] != self._execution["PipelineExecutionArn"]
            ]
            hit = caching.find(earlier, self._step.name, cache_key, limit)
            if hit is None:
                return False
            source, found = hit
            self.record.update(
                CacheHitResult={"SourcePipelineExecutionArn": source},
                Metadata=found["Metadata"],
                Properties=found["Properties"],
            )
        records.set_step_status(self._execution, self.record, "Succeeded")
        return True

    def _attempt_until_done(self) -> dict[str, Any]:
        attempts, start = retries.Attempts(self._step.raw.get("RetryPolicies") or []), time.monotonic()
        while True:
            try:
                return self._attempt()
            except actions.StepFailedError as error:
                pause = attempts.wait_seconds(error.exception_type, time.monotonic() - start)
                if pause is None:
                    raise
                log.info("step %s is tried again in %.0f s: %s", self._step.name, pause, error)
                if self._stop.wait(pause):
                    raise actions.StepStoppedError from error
                with store.lock:
                    self.record["AttemptCount"] += 1

    def _attempt(self) -> dict[str, Any]:
        if self._stop.is_set():
            raise actions.StepStoppedError
        execution_id = self._execution["PipelineExecutionArn"].rpartition("/")[2]
        prefix = self._step.arguments.get(_NAME_KEYS.get(self._step.type, ""))
        name = actions.invent_name(execution_id, self._step.name, prefix if isinstance(prefix, str) else None)
        role, step, arguments = self._prepare(name)
        call = actions.Call(step, arguments, name, self._execution, role, self._stop, self._started)
        return actions.perform(call)

    def _started(self, metadata: dict[str, Any]) -> None:
        with store.lock:
            self.record["Metadata"] = metadata
