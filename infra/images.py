"""What the platform's constructs need to know of container images."""

from __future__ import annotations

from typing import Protocol

from aws_cdk import aws_ecr as ecr


class Images(Protocol):
    """Where the containers' images are."""

    def image_uri(self, container: str) -> str:
        """Address of the container's image, with its tag."""

    def repository(self, container: str) -> ecr.IRepository:
        """The repository that the image is pulled from."""
