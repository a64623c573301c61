"""The definition of a training pipeline: prepare, train, evaluate, baseline, quality gate, register."""

from __future__ import annotations

from typing import Any

from infra.config.model import ModelConfig, PipelineConfig
from infra.pipeline.definition_inputs import TrainingInputs
from infra.pipeline.offline_session import offline, offline_session
from infra.pipeline.parameters import TrainingParameters
from infra.pipeline.processing_job import PROCESSING_DIR, processing_arguments
from infra.pipeline.quality_gate import QualityGate
from infra.pipeline.reports import evaluation_file, output_uri
from infra.pipeline.retries import retry_policies
from infra.pipeline.training_job import training_arguments

DATA_SETS = ("train", "validation", "test", "baseline", "rejected")
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
        gate = QualityGate(self._session, self._model, self._inputs, self._parameters)
        pipeline = Pipeline(
            name=self._inputs.pipeline_name,
            parameters=self._parameters.all(),
            steps=[prepare, train, baseline, evaluate, gate.step(train, baseline, evaluate)],
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
            property_files=[evaluation_file()],
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
