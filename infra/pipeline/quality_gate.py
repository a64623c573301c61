"""The end of a training pipeline: a model that is good enough is registered, another fails the execution."""

from __future__ import annotations

from typing import Any

from infra.config.model import ModelConfig
from infra.pipeline.definition_inputs import TrainingInputs
from infra.pipeline.parameters import TrainingParameters
from infra.pipeline.registration import Registration, registration_arguments
from infra.pipeline.reports import evaluation_file, file_in, output_uri
from infra.pipeline.retries import retry_policies

REPORT_KEY = {"binary-classification": "binary_classification_metrics"}


class QualityGate:
    """Compares a metric of the evaluation report with the least value that the configuration asks for."""

    def __init__(
        self, session: Any, model: ModelConfig, inputs: TrainingInputs, parameters: TrainingParameters
    ) -> None:
        self._session, self._model, self._inputs, self._parameters = session, model, inputs, parameters

    def step(self, train: Any, baseline: Any, evaluate: Any) -> Any:
        """The condition step with both its ends; the arguments are the steps that it refers to."""
        from sagemaker.core.workflow.conditions import ConditionGreaterThanOrEqualTo
        from sagemaker.core.workflow.functions import JsonGet
        from sagemaker.mlops.workflow.condition_step import ConditionStep

        report, metric = REPORT_KEY[self._model.problem], self._model.pipeline.quality_gate.metric
        value = JsonGet(
            step_name=evaluate.name,
            property_file=evaluation_file(),
            json_path=f"{report}.{metric}.value",
        )
        return ConditionStep(
            name="QualityGate",
            conditions=[ConditionGreaterThanOrEqualTo(left=value, right=self._parameters.minimum)],
            if_steps=[self._register(train, baseline, evaluate)],
            else_steps=[self._reject()],
        )

    def _register(self, train: Any, baseline: Any, evaluate: Any) -> Any:
        from sagemaker.mlops.workflow.model_step import ModelStep

        registration = Registration(
            group_name=self._inputs.package_group_name,
            image=self._inputs.inference_image,
            model_uri=train.properties.ModelArtifacts.S3ModelArtifacts,
            evaluation_uri=file_in(output_uri(evaluate, "evaluation"), "evaluation.json"),
            statistics_uri=file_in(output_uri(baseline, "baseline"), "statistics.json"),
            constraints_uri=file_in(output_uri(baseline, "baseline"), "constraints.json"),
            approval_status=self._parameters.approval_status,
            metadata={
                "DataVersion": self._parameters.data_version,
                "TrainingDays": self._parameters.training_days.to_string(),
                "Problem": self._model.problem,
                "Owner": self._model.owner,
            },
        )
        return ModelStep(
            name="Register",
            step_args=registration_arguments(self._session, registration),
            retry_policies=retry_policies(self._model.pipeline.retry, job=False),
        )

    def _reject(self) -> Any:
        from sagemaker.core.workflow.functions import Join
        from sagemaker.mlops.workflow.fail_step import FailStep

        metric = self._model.pipeline.quality_gate.metric
        message = Join(
            on=" ",
            values=[
                f"The model was not registered: its {metric} is under the minimum of",
                self._parameters.minimum.to_string(),
            ],
        )
        return FailStep(name="Reject", error_message=message)
