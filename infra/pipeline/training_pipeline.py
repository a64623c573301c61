"""The training pipeline of a model as a resource."""

from __future__ import annotations

from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from infra.config.model import ModelConfig
from infra.pipeline.definition_cache import cached_definition
from infra.pipeline.definition_inputs import TrainingInputs
from infra.pipeline.placeholders import Placeholders
from infra.pipeline.training_definition import training_definition


class TrainingPipeline(Construct):
    """A SageMaker pipeline whose definition the SageMaker Python SDK writes at synth, without calling AWS."""

    def __init__(self, scope: Construct, construct_id: str, *, model: ModelConfig, inputs: TrainingInputs) -> None:
        super().__init__(scope, construct_id)
        placeholders = Placeholders()
        definition = cached_definition(training_definition, model, inputs.hidden(placeholders))
        self.pipeline_name = inputs.pipeline_name
        sagemaker.CfnPipeline(
            self,
            "Pipeline",
            pipeline_name=inputs.pipeline_name,
            pipeline_display_name=inputs.pipeline_name,
            pipeline_description=f"Trains and registers: {model.description}",
            pipeline_definition={"PipelineDefinitionBody": placeholders.reveal(definition)},
            role_arn=inputs.jobs.role_arn,
        )
