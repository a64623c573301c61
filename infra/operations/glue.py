"""All functions that connect the models' stacks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from aws_cdk import aws_s3_assets as s3_assets
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.config.environment import EnvironmentConfig
from infra.lambda_code import build_lambda_asset
from infra.network.network import Network
from infra.operations.promotion import Promotion
from infra.operations.retraining import Retraining
from infra.operations.served_model import ServedModel
from infra.operations.worker_function import FunctionPlace
from infra.storage.keys import Keys

ROOT = Path(__file__).resolve().parents[2]


class Glue(Construct):
    """Promotion of approved packages, and retraining of those models that are to be retrained on drift."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: EnvironmentConfig,
        models: Sequence[ServedModel],
        network: Network,
        keys: Keys,
        alarm_topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, construct_id)
        code = s3_assets.Asset(self, "Code", path=str(build_lambda_asset(ROOT, ROOT / "build" / "lambda")))
        place = FunctionPlace(
            code=code,
            subnet_ids=network.lambda_subnet_ids,
            security_group_id=network.security_group_id("lambdas"),
            logs=config.logs,
            protection=config.protection,
            log_key=keys.logs,
            queue_key=keys.notifications,
        )
        Promotion(
            self,
            "Promotion",
            environment=config.name,
            models=models,
            place=place,
            data_key=keys.data,
            alarm_topic=alarm_topic,
        )
        retrained = [model for model in models if model.config.retraining.on_drift]
        if retrained:
            Retraining(
                self,
                "Retraining",
                environment=config.name,
                models=retrained,
                place=place,
                alarm_topic=alarm_topic,
            )
