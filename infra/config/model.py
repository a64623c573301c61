"""One model: the typed form of models/<folder>/model.yaml, merged with an environment's overrides."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from infra.config.base import Config, Items, ReadOnly
from infra.config.monitoring import MonitoringConfig, RetrainingConfig
from infra.config.serving import ServingConfig
from infra.config.types import (
    ColumnName,
    Days,
    Hyperparameter,
    Label,
    ModelName,
    Positive,
    Prefix,
    ProcessingInstanceType,
    Schedule,
    ScriptName,
    Sentence,
    TrainingInstanceType,
    VolumeGib,
)


class FeatureConfig(Config):
    """One feature: a column of the requests, the training data and the feature group."""

    name: ColumnName
    """Name of the feature, in the feature group's characters and length."""
    type: Literal["string", "integral", "fractional"]
    """Type of the values, as the feature store and the monitor name it."""


class SchemaConfig(Config):
    """The columns of a model: a record's identity and time, what is predicted, and from what."""

    record_identifier: ColumnName
    """Name of the feature group's record identifier; not a feature of the model."""
    event_time: ColumnName
    """Name of the feature group's event-time column; not a feature of the model."""
    label: ColumnName
    """Name of the column that the model predicts; not a feature of the model."""
    features: Annotated[Items[FeatureConfig], Field(min_length=1, max_length=2500)]
    """The features; their order is the order of the columns in a CSV request."""


class RetryConfig(Config):
    """How a pipeline step is tried again after a service error or a throttled call."""

    max_attempts: Annotated[int, Field(ge=1, le=20)]
    """Number of retries, from 1 to 20."""
    interval_seconds: Positive
    """Seconds before the first retry."""
    backoff_rate: Annotated[float, Field(ge=1, le=10)]
    """Factor by which the wait grows from retry to retry, at least 1."""


class JobConfig(Config):
    """The instance of one job."""

    instance_type: ProcessingInstanceType
    """SageMaker processing instance type, e.g. ml.m5.xlarge."""
    volume_gib: VolumeGib
    """Size of the job's encrypted volume in GiB."""
    max_runtime_minutes: Annotated[int, Field(ge=1, le=12960)]
    """Minutes after which the job is stopped, at most 9 days."""


class ScriptJobConfig(JobConfig):
    """A processing job that runs a script of the model's own folder."""

    script: ScriptName
    """File name of the script in the model's folder."""


class TrainingJobConfig(JobConfig):
    """The training job."""

    instance_type: TrainingInstanceType
    """SageMaker training instance type, e.g. ml.m5.xlarge."""
    max_runtime_minutes: Annotated[int, Field(ge=1, le=40320)]
    """Minutes after which the job is stopped, at most 28 days."""


class QualityGateConfig(Config):
    """What a trained model must reach before it is registered."""

    metric: str
    """Metric of the evaluation report; for binary-classification: auc, accuracy, precision, recall or f1."""
    minimum: Annotated[float, Field(ge=0, le=1)]
    """The least value of the metric that passes, from 0 to 1."""


class PipelineConfig(Config):
    """The training pipeline: prepare, train, evaluate, baseline, gate, register."""

    raw_prefix: Prefix
    """Prefix of the raw data in the raw bucket, without slashes at its ends."""
    schedule: Schedule | None
    """EventBridge Scheduler expression in UTC on which the pipeline runs, or null."""
    training_days: Days
    """Length of the training window in days; it ends at the newest labelled day."""
    online_days: Annotated[int, Field(ge=0, le=36500)]
    """The newest days whose records go to the online feature store too."""
    cache_days: Annotated[int, Field(ge=1, le=365)]
    """Days that a step's result is reused when its inputs are unchanged."""
    retry: RetryConfig
    """How a step is tried again."""
    prepare: ScriptJobConfig
    """The processing job that prepares the data sets with the model's own script."""
    train: TrainingJobConfig
    """The training job."""
    evaluate: JobConfig
    """The processing job that evaluates the trained model."""
    baseline: JobConfig
    """The processing job that computes the monitor's baseline."""
    hyperparameters: Annotated[ReadOnly[Hyperparameter], Field(min_length=1, max_length=100)]
    """Hyperparameters of the training job, handed over as strings."""
    quality_gate: QualityGateConfig
    """What a trained model must reach before it is registered."""
    approval: Literal["manual", "automatic"]
    """manual: a person approves a registered package; automatic: passing the gate approves it."""


class ModelConfig(Config):
    """One model of the platform, as one environment runs it."""

    name: ModelName
    """Name of the model, that of its folder with - for _."""
    description: Sentence
    """What the model predicts, in one sentence."""
    problem: Literal["binary-classification"]
    """The kind of problem, which decides the metrics."""
    owner: Label
    """The team that answers for the model."""
    schema_: SchemaConfig = Field(alias="schema")
    """The columns of the model."""
    pipeline: PipelineConfig
    """The training pipeline."""
    serving: ServingConfig
    """The real-time endpoint."""
    monitoring: MonitoringConfig
    """The monitors of the endpoint."""
    retraining: RetrainingConfig
    """When drift starts the pipeline again."""

    @property
    def folder(self) -> str:
        """Name of the model's folder below models/: its name with _ for -."""
        return self.name.replace("-", "_")
