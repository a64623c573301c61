"""The parameters of a training pipeline's executions."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from infra.config.model import PipelineConfig

APPROVAL_STATUS = {"manual": "PendingManualApproval", "automatic": "Approved"}


def minimum_parameter(metric: str) -> str:
    """Name of the parameter that holds the least value of `metric`: `auc` becomes `MinimumAuc`."""
    return f"Minimum{metric[:1].upper()}{metric[1:]}"


@dataclass(frozen=True)
class TrainingParameters:
    """The pipeline's parameters, of the SageMaker Python SDK; their defaults come from the configuration.

    `data_version` stands for the content behind `raw_data_uri`: a new value makes cached steps run again.
    """

    raw_data_uri: Any
    data_version: Any
    training_days: Any
    minimum: Any
    approval_status: Any

    @classmethod
    def of(cls, config: PipelineConfig, raw_uri: str) -> TrainingParameters:
        """The parameters for a model's pipeline section; `raw_uri` is the prefix of its raw data."""
        from sagemaker.core.workflow.parameters import ParameterFloat, ParameterInteger, ParameterString

        gate = config.quality_gate
        return cls(
            raw_data_uri=ParameterString(name="RawDataUri", default_value=f"{raw_uri}/"),
            data_version=ParameterString(name="DataVersion", default_value="initial"),
            training_days=ParameterInteger(name="TrainingDays", default_value=config.training_days),
            minimum=ParameterFloat(name=minimum_parameter(gate.metric), default_value=gate.minimum),
            approval_status=ParameterString(
                name="ApprovalStatus",
                default_value=APPROVAL_STATUS[config.approval],
                enum_values=["PendingManualApproval", "Approved"],
            ),
        )

    def all(self) -> list[Any]:
        """The parameters in the order in which they are declared."""
        return [getattr(self, field.name) for field in fields(self)]
