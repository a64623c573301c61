"""The definition of a training pipeline: prepare, train, evaluate, baseline, quality gate, register."""

from __future__ import annotations

from functools import cache
from typing import Any

from infra.config.model import ModelConfig, PipelineConfig
from infra.pipeline.definition_inputs import TrainingInputs
from infra.pipeline.offline_session import offline, offline_session
from infra.pipeline.parameters import TrainingParameters
from infra.pipeline.processing_job import PROCESSING_DIR, processing_arguments
from infra.pipeline.registration import Registration, registration_arguments
from infra.pipeline.retries import retry_policies
from infra.pipeline.training_job import training_arguments

DATA_SETS = ("train", "validation", "test", "baseline")
REPORT_KEY = {"binary-classification": "binary_classification_metrics"}
# The trainer prints these after each round, as SageMaker's own XGBoost does with its metrics.
TRAINING_METRICS = {"validation:auc": r"validation-auc[=:]\s*([0-9.]+)"}


def training_definition(model: ModelConfig, inputs: TrainingInputs) -> str:
    """The pipeline definition as JSON (schema version 2020-12-01), built offline: same inputs, same bytes."""
    with offline():
        return _Steps(model, inputs).definition()


class _Steps:
    """The steps of one training pipeline, each built from the ones it depends on."""

    def __init__(self, model: ModelConfig, inputs: TrainingInputs) -> None:
        self._model = model
        self._config: PipelineConfig = model.pipeline
        self._inputs = inputs
        self._session = offline_session(inputs.jobs.region)
        self._parameters = TrainingParameters.of(self._config, inputs.raw_uri)

    def definition(self) -> str:
        from sagemaker.mlops.workflow.pipeline import Pipeline

        prepare = self._prepare()
        train = self._train(prepare)
        baseline = self._baseline(prepare)
        evaluate = self._evaluate(prepare, train)
        pipeline = Pipeline(
            name=self._inputs.pipeline_name,
            parameters=self._parameters.all(),
            steps=[prepare, train, baseline, evaluate, self._gate(train, baseline, evaluate)],
            sagemaker_session=self._session,
            pipeline_experiment_config=None,
        )
        return str(pipeline.definition())

    def _prepare(self) -> Any:
        code = f"{PROCESSING_DIR}/input/code"
        return self._processing_step(
            "Prepare",
            job=self._config.prepare,
            image=self._inputs.trainer_image,
            entrypoint=["python", "-m", "trainer.run_script", code],
            isolated=False,  # it writes to the feature store
            arguments=[
                "--data-version",
                self._parameters.data_version,
                "--training-days",
                self._parameters.training_days.to_string(),
                "--feature-group",
                self._inputs.feature_group_name,
                "--online-days",
                str(self._config.online_days),
            ],
            inputs={"code": self._inputs.script_uri, "raw": self._parameters.raw_data_uri},
            outputs={name: f"{PROCESSING_DIR}/output/{name}" for name in DATA_SETS},
        )

    def _train(self, prepare: Any) -> Any:
        from sagemaker.mlops.workflow.steps import TrainingStep

        return TrainingStep(
            name="Train",
            step_args=training_arguments(
                self._session,
                self._inputs.jobs,
                job=self._config.train,
                image=self._inputs.trainer_image,
                hyperparameters={**self._config.hyperparameters, "label": self._model.schema_.label},
                channels={name: output_uri(prepare, name) for name in ("train", "validation")},
                output_uri=f"{self._inputs.output_uri}/models",
                metrics=TRAINING_METRICS,
            ),
            cache_config=self._cache(),
            retry_policies=retry_policies(self._config.retry, job=True),
        )

    def _evaluate(self, prepare: Any, train: Any) -> Any:
        return self._processing_step(
            "Evaluate",
            job=self._config.evaluate,
            image=self._inputs.trainer_image,
            entrypoint=["python", "-m", "trainer", "evaluate"],
            isolated=True,
            inputs={
                "model": train.properties.ModelArtifacts.S3ModelArtifacts,
                "test": output_uri(prepare, "test"),
            },
            outputs={"evaluation": f"{PROCESSING_DIR}/output/evaluation"},
            property_files=[_evaluation_file()],
        )

    def _baseline(self, prepare: Any) -> Any:
        return self._processing_step(
            "Baseline",
            job=self._config.baseline,
            image=self._inputs.analyzer_image,
            entrypoint=["python", "-m", "analyzer", "baseline"],
            isolated=True,
            inputs={"baseline": output_uri(prepare, "baseline")},
            outputs={"baseline": f"{PROCESSING_DIR}/output"},
        )

    def _gate(self, train: Any, baseline: Any, evaluate: Any) -> Any:
        from sagemaker.core.workflow.conditions import ConditionGreaterThanOrEqualTo
        from sagemaker.core.workflow.functions import JsonGet
        from sagemaker.mlops.workflow.condition_step import ConditionStep

        report, metric = REPORT_KEY[self._model.problem], self._config.quality_gate.metric
        value = JsonGet(
            step_name=evaluate.name,
            property_file=_evaluation_file(),
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
            evaluation_uri=_file_in(output_uri(evaluate, "evaluation"), "evaluation.json"),
            statistics_uri=_file_in(output_uri(baseline, "baseline"), "statistics.json"),
            constraints_uri=_file_in(output_uri(baseline, "baseline"), "constraints.json"),
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
            retry_policies=retry_policies(self._config.retry, job=False),
        )

    def _reject(self) -> Any:
        from sagemaker.core.workflow.functions import Join
        from sagemaker.mlops.workflow.fail_step import FailStep

        metric = self._config.quality_gate.metric
        message = Join(
            on=" ",
            values=[
                f"The model was not registered: its {metric} is under the minimum of",
                self._parameters.minimum.to_string(),
            ],
        )
        return FailStep(name="Reject", error_message=message)

    def _processing_step(
        self, name: str, *, outputs: dict[str, str], property_files: list[Any] | None = None, **job: Any
    ) -> Any:
        from sagemaker.core.workflow.execution_variables import ExecutionVariables
        from sagemaker.core.workflow.functions import Join
        from sagemaker.mlops.workflow.steps import ProcessingStep

        # By execution, so that no run overwrites another's; SageMaker leaves outputs out of a step's cache key.
        run = [self._inputs.output_uri, "executions", ExecutionVariables.PIPELINE_EXECUTION_ID, name]
        located = {output: (Join(on="/", values=[*run, output]), path) for output, path in outputs.items()}
        return ProcessingStep(
            name=name,
            step_args=processing_arguments(self._session, self._inputs.jobs, outputs=located, **job),
            property_files=property_files,
            cache_config=self._cache(),
            retry_policies=retry_policies(self._config.retry, job=True),
        )

    def _cache(self) -> Any:
        from sagemaker.mlops.workflow.steps import CacheConfig

        return CacheConfig(enable_caching=True, expire_after=f"P{self._config.cache_days}D")


def output_uri(step: Any, name: str) -> Any:
    """Reference to the S3 URI of an output of a processing step."""
    return step.properties.ProcessingOutputConfig.Outputs[name].S3Output.S3Uri


@cache
def _evaluation_file() -> Any:
    from sagemaker.core.workflow.properties import PropertyFile

    return PropertyFile(name="evaluation", output_name="evaluation", path="evaluation.json")


def _file_in(uri: Any, name: str) -> Any:
    from sagemaker.core.workflow.functions import Join

    return Join(on="/", values=[uri, name])
