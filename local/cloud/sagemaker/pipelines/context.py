"""What the expressions of an execution refer to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from local.cloud.kernel.store import store
from local.cloud.sagemaker import s3io
from local.cloud.sagemaker.job_kinds import now
from local.cloud.sagemaker.pipelines.definition import Step, property_files
from local.cloud.sagemaker.pipelines.expressions import ExpressionError, lookup
from local.cloud.sagemaker.roles import Role

_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"


class ExecutionContext:
    """Values for one step of an execution: parameters, execution variables, results of earlier steps."""

    def __init__(self, execution: Mapping[str, Any], steps: Mapping[str, Step], role: Role, job_name: str) -> None:
        """`job_name` is what the step's own job will be called; JSON is read from S3 as `role`."""
        self._execution, self._steps, self._role, self._job_name = execution, steps, role, job_name

    def parameter(self, name: str) -> Any:
        """The value of a pipeline parameter."""
        return self._execution["Parameters"][name]

    def variable(self, name: str) -> Any:
        """The value of an execution variable; times are ISO 8601 with microseconds, UTC."""
        arn = self._execution["PipelineExecutionArn"]
        return {
            "StartDateTime": self._execution["CreationTime"].strftime(_TIME),
            "CurrentDateTime": now().strftime(_TIME),
            "PipelineName": self._execution["PipelineName"],
            "PipelineArn": self._execution["PipelineArn"],
            "PipelineExecutionId": arn.rpartition("/")[2],
            "PipelineExecutionArn": arn,
            "TrainingJobName": self._job_name,
            "ProcessingJobName": self._job_name,
        }[name]

    def properties(self, step: str) -> Any:
        """What the finished step describes itself as."""
        with store.lock:
            record = self._execution["Steps"].get(step)
        if record is None or "Properties" not in record:
            raise ExpressionError(f"step '{step}' has no properties, it did not run")
        return record["Properties"]

    def property_file(self, step: str, name: str) -> Any:
        """The JSON of a property file, read from where the step's output was uploaded."""
        file = property_files(self._steps[step])[name]
        path = f"ProcessingOutputConfig.Outputs['{file['OutputName']}'].S3Output.S3Uri"
        folder = lookup(self.properties(step), path, f"property file {name}")
        return self.json_object(s3io.join(str(folder), file["FilePath"]))

    def json_object(self, uri: str) -> Any:
        """The JSON of an S3 object."""
        try:
            return json.loads(s3io.read(self._role.client("s3"), uri))
        except s3io.TransferError as error:
            raise ExpressionError(str(error)) from error
        except ValueError as error:
            raise ExpressionError(f"{uri} is not JSON: {error}") from error
