"""Rules over a model's schema and pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from infra import naming
from infra.config.environment import FeatureStoreConfig
from infra.config.model import QualityGateConfig, SchemaConfig
from infra.config.rules.finding import Finding, at
from infra.config.source import KeyPath, format_key
from infra.config.view import View


@dataclass(frozen=True)
class ModelScope:
    """A model as one environment runs it: the merged view, the environment's view, and the model's folder."""

    model: View
    environment: View
    folder: Path


# Source: SageMaker developer guide and API reference, FeatureDefinition.
_RESERVED = ("is_deleted", "write_time", "api_invocation_time")
_METRICS = {"binary-classification": ("auc", "accuracy", "precision", "recall", "f1")}
_OBJECTIVES = {"binary-classification": "binary:"}
_OWN_HYPERPARAMETERS = ("label",)


def _columns(scope: ModelScope) -> list[tuple[KeyPath, str]]:
    schema = scope.model.section(SchemaConfig, "schema")
    keys = [(at("schema", key), getattr(schema, key)) for key in ("record_identifier", "event_time", "label")]
    names = [(at("schema", "features", index, "name"), f.name) for index, f in enumerate(schema.features)]
    return keys + names


def check_reserved_columns(scope: ModelScope) -> Iterator[Finding]:
    """The feature store has columns of its own."""
    for path, name in _columns(scope):
        if name.lower() in _RESERVED:
            yield Finding((path,), "the feature store keeps this name for itself", f"not {', '.join(_RESERVED)}")


def check_distinct_columns(scope: ModelScope) -> Iterator[Finding]:
    """Every column has a name of its own; the offline store's table does not tell cases apart."""
    seen: dict[str, KeyPath] = {}
    for path, name in _columns(scope):
        first = seen.setdefault(name.lower(), path)
        if first != path:
            yield Finding((path,), f"duplicate column name, also {format_key(first)}", "each name once")


def check_folder(scope: ModelScope) -> Iterator[Finding]:
    """A model's folder has its name."""
    name = scope.model.value(str, "name")
    if naming.python_name(name) != scope.folder.name:
        wanted = scope.folder.name.replace("_", "-")
        yield Finding((at("name"),), f"the model lies in models/{scope.folder.name}", wanted)


def check_script(scope: ModelScope) -> Iterator[Finding]:
    """The scripts that steps run are there."""
    script = scope.model.value(str, "pipeline", "prepare", "script")
    if not (scope.folder / script).is_file():
        there = sorted(path.name for path in scope.folder.glob("*.py") if path.name != "__init__.py")
        message = f"there is no file models/{scope.folder.name}/{script}"
        yield Finding((at("pipeline", "prepare", "script"),), message, ", ".join(there) or "an existing script")


def check_quality_gate(scope: ModelScope) -> Iterator[Finding]:
    """The gate's metric is one that the evaluation reports for this problem."""
    problem = scope.model.value(str, "problem")
    metric = scope.model.section(QualityGateConfig, "pipeline", "quality_gate").metric
    if metric not in _METRICS[problem]:
        path = at("pipeline", "quality_gate", "metric")
        yield Finding((path,), f"the evaluation of {problem} has no such metric", ", ".join(_METRICS[problem]))


def check_objective(scope: ModelScope) -> Iterator[Finding]:
    """The training objective fits the problem."""
    problem = scope.model.value(str, "problem")
    objective = scope.model.value(dict, "pipeline", "hyperparameters").get("objective")
    prefix = _OBJECTIVES[problem]
    if objective is not None and not str(objective).startswith(prefix):
        path = at("pipeline", "hyperparameters", "objective")
        yield Finding((path,), f"is not an objective for {problem}", f"an objective that starts with {prefix}")


def check_own_hyperparameters(scope: ModelScope) -> Iterator[Finding]:
    """Names that the pipeline or SageMaker sets are left alone."""
    for name in scope.model.value(dict, "pipeline", "hyperparameters"):
        path = at("pipeline", "hyperparameters", name)
        if name in _OWN_HYPERPARAMETERS:
            yield Finding((path,), "the pipeline sets this one, from the schema", "no such key")
        if name.startswith("sagemaker_"):
            yield Finding((path,), "names that start with sagemaker_ belong to SageMaker", "another name")


def check_windows(scope: ModelScope) -> Iterator[Finding]:
    """The records for the online store come from the training window."""
    training = scope.model.value(int, "pipeline", "training_days")
    online = scope.model.value(int, "pipeline", "online_days")
    if online > training:
        paths = (at("pipeline", "online_days"), at("pipeline", "training_days"))
        yield Finding(paths, f"{online} online days do not fit into {training} training days", f"at most {training}")


def check_online_store(scope: ModelScope) -> Iterator[Finding]:
    """Nothing is sent to an online store that the environment does not have."""
    features = scope.environment.section(FeatureStoreConfig, "features")
    online = scope.model.value(int, "pipeline", "online_days")
    if online and not features.online_store:
        message = f"{online} days of records for the online store, which the environment has off"
        yield Finding((at("pipeline", "online_days"),), message, "0, or features.online_store: true")


RULES = (
    check_reserved_columns,
    check_distinct_columns,
    check_folder,
    check_script,
    check_quality_gate,
    check_objective,
    check_own_hyperparameters,
    check_windows,
    check_online_store,
)
