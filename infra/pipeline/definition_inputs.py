"""What a pipeline definition refers to outside itself."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from infra.pipeline.placeholders import Placeholders

LOG_LEVEL_VARIABLE = "LOG_LEVEL"
# The SDK accepts as a role only what looks like a role's ARN.
ROLE_SHAPE = "arn:aws:iam::000000000000:role/{}"


@dataclass(frozen=True)
class JobEnvironment:
    """What all jobs of a pipeline share: where they run, under which role, encrypted with which key."""

    region: str
    role_arn: str
    key_arn: str
    subnet_ids: tuple[str, ...]
    security_group_ids: tuple[str, ...]
    tags: tuple[tuple[str, str], ...]
    log_level: str

    def hidden(self, placeholders: Placeholders) -> JobEnvironment:
        """The same with a stand-in for each value that CloudFormation will know."""
        return replace(
            self,
            role_arn=placeholders.hide(self.role_arn, ROLE_SHAPE),
            key_arn=placeholders.hide(self.key_arn),
            subnet_ids=tuple(placeholders.hide(subnet) for subnet in self.subnet_ids),
            security_group_ids=tuple(placeholders.hide(group) for group in self.security_group_ids),
        )


@dataclass(frozen=True)
class TrainingInputs:
    """The resources that a training pipeline reads and writes; URIs have no slash at their ends."""

    pipeline_name: str
    jobs: JobEnvironment
    trainer_image: str
    analyzer_image: str
    inference_image: str
    raw_uri: str
    script_uri: str
    output_uri: str
    feature_group_name: str
    package_group_name: str

    def hidden(self, placeholders: Placeholders) -> TrainingInputs:
        """The same with a stand-in for each value that CloudFormation will know."""
        uris = {f.name: placeholders.hide_uri(getattr(self, f.name)) for f in fields(self) if "uri" in f.name}
        images = {f.name: placeholders.hide(getattr(self, f.name)) for f in fields(self) if "image" in f.name}
        return replace(self, jobs=self.jobs.hidden(placeholders), **uris, **images)
