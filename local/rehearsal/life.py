"""A model's life, step by step: trained, approved, deployed, watched, retrained, replaced under traffic."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlparse

from infra import naming
from infra.config.model import ModelConfig
from local.rehearsal import flights, monitoring, pipelines, raw_data, traffic
from local.rehearsal.place import ENVIRONMENT, Place
from local.rehearsal.processes import RehearsalError
from local.rehearsal.progress import Steps
from local.rehearsal.traffic import Traffic
from local.rehearsal.wait import until

TRAINING_MONTHS = ("2013-01", "2013-02")
LATER_MONTHS = ("2013-03", "2013-04", "2013-05", "2013-06")
ROWS_PER_MONTH = 3000
STEADY_PER_SECOND = 25.0
DEPLOY_SECONDS = 300


@dataclass
class Record:
    """What happened, for the summary and the report: times in UTC, ISO-8601."""

    training: list[dict[str, Any]] = field(default_factory=list)
    windows: list[dict[str, Any]] = field(default_factory=list)
    traffic: list[dict[str, Any]] = field(default_factory=list)
    deployments: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Life:
    """One model on the local cloud; every step goes through the AWS APIs, as on AWS."""

    place: Place
    model: ModelConfig
    steps: Steps
    record: Record = field(default_factory=Record)

    @cached_property
    def sagemaker(self) -> Any:
        """The SageMaker client."""
        return self.place.client("sagemaker")

    @cached_property
    def runtime(self) -> Any:
        """The SageMaker Runtime client."""
        return self.place.client("sagemaker-runtime")

    @property
    def endpoint(self) -> str:
        """The endpoint's name."""
        return naming.endpoint_name(ENVIRONMENT, self.model.name)

    @property
    def pipeline(self) -> str:
        """The training pipeline's name."""
        return naming.pipeline_name(ENVIRONMENT, self.model.name)

    def run(self) -> None:
        """The whole life, in order.

        Raises:
            RehearsalError: a step did not end as it must; says which and why.
        """
        self.land("January and February land", TRAINING_MONTHS)
        first = self.train("Train on January and February", "first")
        self.approve("Approve the first package", first)
        self.deploy_first("Deploy it", first)
        march = self.ask("Send March's flights", "2013-03", "March")
        self.monitor("Monitor March", "March", march, drift_expected=False)
        self.land("March to June land", LATER_MONTHS)
        june = self.ask("Send June's flights", "2013-06", "June")
        self.monitor("Monitor June", "June", june, drift_expected=True)
        second = self.retrain("Drift alarm starts a retraining", first)
        self.approve("Approve the second package", second)
        self.deploy_canary("Canary under traffic", second)
        again = self.ask("Send June's flights again", "2013-06", "June, retrained")
        self.monitor("Monitor June again", "June, retrained", again, drift_expected=False)

    def land(self, name: str, months: tuple[str, ...]) -> None:
        """Raw files arrive in the raw bucket, with the labels that are known by then."""
        with self.steps.step(name) as step:
            uri = urlparse(pipelines.default_parameters(self.sagemaker, self.pipeline)["RawDataUri"])
            keys = raw_data.upload(self.place.client("s3"), uri.netloc, uri.path.strip("/"), raw_data.months(months))
            step.say(f"{len(keys)} files in s3://{uri.netloc}{uri.path}")

    def train(self, name: str, label: str) -> str:
        """Start the training pipeline as its schedule would, and follow it; the package's ARN."""
        with self.steps.step(name) as step:
            digest = hashlib.sha256("".join(TRAINING_MONTHS).encode()).hexdigest()[:12]
            execution = pipelines.start(self.sagemaker, self.pipeline, {"DataVersion": f"landed-{digest}"})
            package = pipelines.package_of(pipelines.follow(self.sagemaker, execution, step))
            self.record.training.append({"label": label, "execution_arn": execution})
            step.say(self._described(package))
        return package

    def approve(self, name: str, package: str) -> None:
        """A person approves the pending package."""
        with self.steps.step(name) as step:
            status = self.sagemaker.describe_model_package(ModelPackageName=package)["ModelApprovalStatus"]
            if status != "PendingManualApproval":
                raise RehearsalError(f"{package} is {status}, not PendingManualApproval")
            self.sagemaker.update_model_package(ModelPackageArn=package, ModelApprovalStatus="Approved")
            step.say(package.rpartition(":")[2])

    def deploy_first(self, name: str, package: str) -> None:
        """The approval's event makes `promote_model` update the Serving stack; wait until the endpoint answers."""
        with self.steps.step(name) as step:
            start = datetime.now(UTC)
            until(f"the endpoint {self.endpoint} to serve {package}", lambda: self._serves(package), DEPLOY_SECONDS)
            self._deployed("first", start, package, Traffic("none"))
            step.say(f"{self.endpoint} is InService")

    def ask(self, name: str, month: str, label: str) -> Traffic:
        """Send several thousand rows of a month, one a request."""
        with self.steps.step(name) as step:
            rows = flights.request_rows(month, ROWS_PER_MONTH)
            sent = traffic.send(self.runtime, self.endpoint, rows, label)
            self._check_answers(sent)
            step.say(f"{sent.rows} requests, {sent.rows / sent.seconds:.0f} a second, 0 errors")
        return sent

    def monitor(self, name: str, label: str, sent: Traffic, *, drift_expected: bool) -> None:
        """Run the data-quality monitor on what was captured of that traffic, as its schedule would."""
        with self.steps.step(name) as step:
            found = monitoring.run(self.place, self.model, sent, step)
            self.record.windows.append({"label": label, **found.record()})
            step.say(found.summary())
            if bool(found.violations) != drift_expected:
                raise RehearsalError(
                    f"{label}: expected {'some' if drift_expected else 'no'} violation: {found.summary()}"
                )

    def retrain(self, name: str, first: str) -> str:
        """Wait for the alarm, and for the execution that its event makes `retrain` start; the new package's ARN."""
        with self.steps.step(name) as step:
            monitoring.wait_for_alarm(self.place, self.model, step)
            known = {entry["execution_arn"] for entry in self.record.training}
            execution = until("a retraining to start", lambda: self._execution_beside(known), 120)
            package = pipelines.package_of(pipelines.follow(self.sagemaker, execution, step))
            if package == first:
                raise RehearsalError("the retraining registered no new package")
            self.record.training.append({"label": "retrained", "execution_arn": execution})
            step.say(self._described(package))
        return package

    def deploy_canary(self, name: str, package: str) -> None:
        """The second deployment, while requests keep coming: none may fail."""
        rows = flights.request_rows("2013-06", ROWS_PER_MONTH)
        with self.steps.step(name) as step:
            start = datetime.now(UTC)
            with traffic.steady(self.runtime, self.endpoint, rows, "during the canary", STEADY_PER_SECOND) as sent:
                until(f"the endpoint {self.endpoint} to serve {package}", lambda: self._serves(package), DEPLOY_SECONDS)
            self._check_answers(sent)
            self._deployed("canary", start, package, sent)
            step.say(f"{package.rpartition('/')[2]} is live; {sent.rows} requests meanwhile, 0 errors")

    def _serves(self, package: str) -> bool | None:
        stack = naming.stack_name(ENVIRONMENT, "serving", self.model.name)
        found = self.place.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
        if "ROLLBACK" in found["StackStatus"] or "FAILED" in found["StackStatus"]:
            raise RehearsalError(f"{stack} is {found['StackStatus']}: {found.get('StackStatusReason', '')}")
        live = {parameter["ParameterKey"]: parameter["ParameterValue"] for parameter in found.get("Parameters", [])}
        settled = found["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE")
        if not settled or live.get("ModelPackageArn") != package:
            return None
        described = self.sagemaker.describe_endpoint(EndpointName=self.endpoint)
        return True if described["EndpointStatus"] == "InService" else None

    def _execution_beside(self, known: set[str]) -> str | None:
        listed = self.sagemaker.list_pipeline_executions(
            PipelineName=self.pipeline, CreatedAfter=datetime.now(UTC) - timedelta(hours=1)
        )["PipelineExecutionSummaries"]
        new = [found["PipelineExecutionArn"] for found in listed if found["PipelineExecutionArn"] not in known]
        executing = [arn for arn in new if arn not in self._before]
        return executing[0] if executing else None

    @cached_property
    def _before(self) -> set[str]:
        """Executions of earlier rehearsals on this cloud; looked up before the first one of this."""
        listed = self.sagemaker.list_pipeline_executions(PipelineName=self.pipeline)["PipelineExecutionSummaries"]
        return {found["PipelineExecutionArn"] for found in listed}

    def remember_earlier_executions(self) -> None:
        """Call before `run`: what ran before is not this rehearsal's."""
        _ = self._before

    def _described(self, package: str) -> str:
        found = self.sagemaker.describe_model_package(ModelPackageName=package)
        metadata = found.get("CustomerMetadataProperties", {})
        return f"package version {found['ModelPackageVersion']} {found['ModelApprovalStatus']} {metadata or ''}".strip()

    def _check_answers(self, sent: Traffic) -> None:
        if sent.errors:
            raise RehearsalError(f"{len(sent.errors)} of {sent.rows} requests failed; the first: {sent.errors[0]}")
        self.record.traffic.append(
            {"label": sent.label, "rows": sent.rows, "errors": len(sent.errors), "seconds": round(sent.seconds, 2)}
        )

    def _deployed(self, label: str, start: datetime, package: str, sent: Traffic) -> None:
        self.record.deployments.append(
            {
                "label": label,
                "start": start.isoformat(),
                "end": datetime.now(UTC).isoformat(),
                "package_arn": package,
                "requests_during": sent.rows,
                "errors_during": len(sent.errors),
            }
        )
