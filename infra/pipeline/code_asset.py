"""A script of a model's folder, where jobs can download it."""

from __future__ import annotations

from pathlib import Path

from aws_cdk import Fn
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from infra.container_role import ContainerRole
from infra.iam import allow

MODELS_FOLDER = Path(__file__).resolve().parents[2] / "models"


class CodeAsset(Construct):
    """One file in the bootstrap bucket, named by the hash of its content: an edit makes cached steps run again."""

    def __init__(self, scope: Construct, construct_id: str, *, folder: str, script: str) -> None:
        super().__init__(scope, construct_id)
        self._asset = s3_assets.Asset(self, "File", path=str(MODELS_FOLDER / folder / script))
        self.uri = self._asset.s3_object_url

    def grant_read(self, role: ContainerRole) -> None:
        """Lets the role find and read this one file."""
        bucket, key = self._asset.bucket, self._asset.s3_object_key
        role.add(
            allow(["s3:ListBucket"], bucket.bucket_arn, conditions={"StringEquals": {"s3:prefix": key}}),
            allow(["s3:GetObject"], Fn.join("/", [bucket.bucket_arn, key])),
        )
