"""Where each container's image comes from: built and pushed by CDK, or already in the platform's repository."""

from __future__ import annotations

from pathlib import Path

from aws_cdk import Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecr_assets as ecr_assets
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.config.environment import ContainerConfig, ContainersConfig, ProtectionConfig
from infra.naming import construct_id as id_of
from infra.naming import repository_uri
from infra.registry.repositories import CONTAINERS, Repositories

CONTAINERS_FOLDER = Path(__file__).resolve().parents[2] / "containers"
_NEVER_IN_AN_IMAGE = ["**/__pycache__", "**/*.pyc", "**/tests", "README.md"]


class ContainerImages(Construct):
    """The platform's repositories, and for each container the image that an environment runs."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: ContainersConfig,
        environment: str,
        protection: ProtectionConfig,
        key: kms.IKey,
    ) -> None:
        super().__init__(scope, construct_id)
        self._environment = environment
        self._repositories = Repositories(
            self, "Repositories", config=config, environment=environment, protection=protection, key=key
        )
        images = {container: self._image(container, getattr(config, container)) for container in CONTAINERS}
        self._uris = {container: uri for container, (uri, _) in images.items()}
        self._sources = {container: source for container, (_, source) in images.items()}

    def image_uri(self, container: str) -> str:
        """Address of the container's image, with its tag."""
        return self._uris[container]

    def source_repository(self, container: str) -> ecr.IRepository:
        """The repository that the image is pulled from: CDK's asset repository, or the platform's own."""
        return self._sources[container]

    def _image(self, container: str, config: ContainerConfig) -> tuple[str, ecr.IRepository]:
        if config.source == "asset":
            asset = self._asset(container)
            return asset.image_uri, asset.repository
        stack = Stack.of(self)
        uri = repository_uri(stack.account, stack.region, self._environment, container)
        return f"{uri}:{config.tag}", self._repositories.repository(container)

    def _asset(self, container: str) -> ecr_assets.DockerImageAsset:
        """The image of containers/<container>; its hash covers that folder and what the containers share."""
        others = [name for name in CONTAINERS if name != container]
        return ecr_assets.DockerImageAsset(
            self,
            id_of(container),
            directory=str(CONTAINERS_FOLDER),
            file=f"{container}/Dockerfile",
            platform=ecr_assets.Platform.LINUX_AMD64,
            exclude=[*others, *_NEVER_IN_AN_IMAGE],
        )
