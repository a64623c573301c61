"""The three kinds of jobs, and their records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from local.cloud.kernel.errors import validation_error
from local.cloud.kernel.store import Collection, store


@dataclass(frozen=True)
class Kind:
    """One of the three kinds of jobs: how its fields are called."""

    noun: str
    arn_type: str
    unknown: str

    @property
    def name(self) -> str:
        """The key of the job's name, such as `TrainingJobName`."""
        return f"{self.noun}JobName"

    @property
    def arn(self) -> str:
        """The key of its ARN."""
        return f"{self.noun}JobArn"

    @property
    def status(self) -> str:
        """The key of its status."""
        return f"{self.noun}JobStatus"

    @property
    def records(self) -> Collection:
        """The jobs of this kind, by name: what Describe answers."""
        return store.collection(f"{self.noun.lower()}_jobs")

    @property
    def log_group(self) -> str:
        """Where its containers' output goes."""
        return f"/aws/sagemaker/{self.noun}Jobs"

    def get(self, name: str) -> dict[str, Any]:
        """The live record.

        Raises:
            ApiError: ValidationException, in SageMaker's words, if there is none.
        """
        record = self.records.get(name) or self._of_lower_case(name)
        if record is None:
            raise validation_error(self.unknown.format(name=name))
        return record

    def _of_lower_case(self, name: str) -> dict[str, Any] | None:
        """A job by the name in its ARN, which SageMaker writes in lower case and takes back."""
        return next((found for known, found in self.records.items() if known.lower() == name), None)


TRAINING = Kind("Training", "training-job", "Requested resource not found.")
PROCESSING = Kind("Processing", "processing-job", "Could not find requested job with name: {name}")
TRANSFORM = Kind("Transform", "transform-job", "Could not find requested job with name: {name}")
KINDS = (TRAINING, PROCESSING, TRANSFORM)


def now() -> datetime:
    """The present, as records hold it."""
    return datetime.now(UTC)
