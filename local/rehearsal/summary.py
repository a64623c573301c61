"""The short summary at the end of `make up`."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from infra import naming
from infra.config.loader import PlatformConfig
from local.rehearsal import deploy
from local.rehearsal.place import ENVIRONMENT, Place


def show(console: Console, place: Place, config: PlatformConfig, run: dict[str, Any]) -> None:
    """Stacks, resources, model versions, endpoint, monitor verdicts, and where to look."""
    console.print()
    console.print(_stacks(place))
    for model in config.models:
        console.print(_packages(place, naming.package_group_name(ENVIRONMENT, model.name)))
    console.print(_traffic(run))
    console.print(f"endpoint   {run['endpoint']} ({_endpoint_state(place, run['endpoint'])})", highlight=False)
    for step in run["steps"]:
        if step["name"].startswith("Monitor"):
            console.print(f"monitor    {step['name'].removeprefix('Monitor ')}: {step['detail']}", highlight=False)
    console.print(f"report     http://127.0.0.1:{place.report_port}/report.html  ({place.out / 'report.html'})")
    console.print(f"cloud      {place.endpoint_url} stays up; `make down` stops it", highlight=False)


def _stacks(place: Place) -> Table:
    table = Table("stack", "state", "resources", title="Stacks", title_justify="left")
    total = 0
    for stack in deploy.stacks(place):
        total += stack["Resources"]
        table.add_row(stack["StackName"], stack["StackStatus"], str(stack["Resources"]))
    table.add_section()
    table.add_row("all", "", str(total))
    return table


def _packages(place: Place, group: str) -> Table:
    sagemaker = place.client("sagemaker")
    table = Table("version", "state", "metrics", title=f"Model packages of {group}", title_justify="left")
    listed = sagemaker.list_model_packages(ModelPackageGroupName=group, SortOrder="Ascending")
    for package in listed["ModelPackageSummaryList"]:
        found = sagemaker.describe_model_package(ModelPackageName=package["ModelPackageArn"])
        metadata = found.get("CustomerMetadataProperties", {})
        shown = ", ".join(f"{key} {value}" for key, value in metadata.items())
        table.add_row(str(found["ModelPackageVersion"]), found["ModelApprovalStatus"], shown)
    return table


def _traffic(run: dict[str, Any]) -> Table:
    table = Table("traffic", "requests", "errors", "requests/s", title="Traffic", title_justify="left")
    for sent in run["traffic"]:
        rate = sent["rows"] / sent["seconds"] if sent["seconds"] else 0
        table.add_row(sent["label"], str(sent["rows"]), str(sent["errors"]), f"{rate:.0f}")
    return table


def _endpoint_state(place: Place, endpoint: str) -> str:
    return str(place.client("sagemaker").describe_endpoint(EndpointName=endpoint)["EndpointStatus"])
