"""The definition of the pipeline that runs the data-quality monitor once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from infra.config.model import JobConfig
from infra.config.monitoring import DataQualityConfig
from infra.pipeline.definition_inputs import JobEnvironment
from infra.pipeline.offline_session import offline, offline_session
from infra.pipeline.placeholders import Placeholders
from infra.pipeline.processing_job import PROCESSING_DIR, processing_arguments

WINDOW_END = "WindowEnd"
WINDOW_START = "WindowStart"


@dataclass(frozen=True)
class MonitorInputs:
    """What the monitor reads and writes; URIs have no slash at their ends."""

    monitor_name: str
    model_name: str
    endpoint_name: str
    jobs: JobEnvironment
    image: str
    capture_uri: str
    report_uri: str

    def hidden(self, placeholders: Placeholders) -> MonitorInputs:
        """The same with a stand-in for each value that CloudFormation will know."""
        return replace(
            self,
            jobs=self.jobs.hidden(placeholders),
            image=placeholders.hide(self.image),
            capture_uri=placeholders.hide_uri(self.capture_uri),
            report_uri=placeholders.hide_uri(self.report_uri),
        )


def monitor_definition(config: DataQualityConfig, inputs: MonitorInputs) -> str:
    """The pipeline definition as JSON (schema version 2020-12-01), built offline: same inputs, same bytes."""
    with offline():
        from sagemaker.core.workflow.parameters import ParameterString
        from sagemaker.mlops.workflow.pipeline import Pipeline
        from sagemaker.mlops.workflow.steps import ProcessingStep

        session = offline_session(inputs.jobs.region)
        end = ParameterString(name=WINDOW_END)
        start = ParameterString(name=WINDOW_START, default_value="")
        analyze = ProcessingStep(name="Analyze", step_args=_arguments(session, config, inputs, start=start, end=end))
        pipeline = Pipeline(
            name=inputs.monitor_name,
            parameters=[end, start],
            steps=[analyze],
            sagemaker_session=session,
            pipeline_experiment_config=None,
        )
        return str(pipeline.definition())


def _arguments(session: Any, config: DataQualityConfig, inputs: MonitorInputs, *, start: Any, end: Any) -> Any:
    from sagemaker.core.workflow.execution_variables import ExecutionVariables
    from sagemaker.core.workflow.functions import Join

    report_uri = Join(on="/", values=[inputs.report_uri, ExecutionVariables.PIPELINE_EXECUTION_ID])
    output = f"{PROCESSING_DIR}/output"
    return processing_arguments(
        session,
        inputs.jobs,
        job=JobConfig(
            instance_type=config.instance_type,
            volume_gib=config.volume_gib,
            max_runtime_minutes=config.max_runtime_minutes,
        ),
        image=inputs.image,
        entrypoint=["python", "-m", "analyzer", "monitor"],
        isolated=False,  # it asks SageMaker for the live model, and S3 for its baseline and the captured requests
        inputs={},
        outputs={"report": (report_uri, output)},
        # Names as in the contract of Model Monitor's own containers.
        variables={
            "endpoint_name": inputs.endpoint_name,
            "model_name": inputs.model_name,
            "schedule_name": inputs.monitor_name,
            "capture_uri": inputs.capture_uri,
            "window_start": start,
            "window_end": end,
            "window_minutes": str(config.window_minutes),
            "comparison_threshold": str(config.comparison_threshold),
            "publish_cloudwatch_metrics": "Enabled",
            "output_path": output,
        },
    )
