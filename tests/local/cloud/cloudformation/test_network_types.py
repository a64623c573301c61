"""Network ACLs, their entries and associations, flow logs, the VPC's attributes and alarms, through a stack's life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.local.cloud.cloudformation.conftest import Stack, new

pytestmark = [pytest.mark.cloud, pytest.mark.xdist_group("cloudformation-network")]

OUTPUTS = {
    "Vpc": {"Ref": "Vpc"},
    "Cidr": {"Fn::GetAtt": ["Vpc", "CidrBlock"]},
    "DefaultAcl": {"Fn::GetAtt": ["Vpc", "DefaultNetworkAcl"]},
    "DefaultGroup": {"Fn::GetAtt": ["Vpc", "DefaultSecurityGroup"]},
    "Acl": {"Fn::GetAtt": ["Acl", "Id"]},
    "Association": {"Fn::GetAtt": ["Association", "AssociationId"]},
    "FlowLog": {"Fn::GetAtt": ["FlowLog", "Id"]},
}


def entry(number: int, cidr: str, *, acl: str = "Acl", egress: str = "false") -> dict[str, Any]:
    """Lets HTTPS through; numbers and booleans are strings, as CloudFormation allows."""
    properties = {
        "NetworkAclId": acl if acl.startswith("acl-") else {"Ref": acl},
        "RuleNumber": str(number),
        "Protocol": "6",
        "RuleAction": "allow",
        "Egress": egress,
        "CidrBlock": cidr,
        "PortRange": {"From": "443", "To": "443"},
    }
    return {"Type": "AWS::EC2::NetworkAclEntry", "Properties": properties}


def resources(
    *, number: int = 100, cidr: str = "10.0.0.0/16", acl: str = "Acl", traffic: str = "ALL"
) -> dict[str, Any]:
    """A VPC with one subnet, two ACLs of which one is in use, and a flow log."""
    made = {
        "Vpc": ("VPC", {"CidrBlock": "10.0.0.0/16", "EnableDnsHostnames": "true"}),
        "Subnet": ("Subnet", {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.1.0/24"}),
        "Acl": ("NetworkAcl", {"VpcId": {"Ref": "Vpc"}, "Tags": [{"Key": "Name", "Value": traffic}]}),
        "Other": ("NetworkAcl", {"VpcId": {"Ref": "Vpc"}}),
        "Association": (
            "SubnetNetworkAclAssociation",
            {"SubnetId": {"Ref": "Subnet"}, "NetworkAclId": {"Ref": acl}},
        ),
        "FlowLog": (
            "FlowLog",
            {
                "ResourceId": {"Ref": "Vpc"},
                "ResourceType": "VPC",
                "TrafficType": traffic,
                "LogDestinationType": "s3",
                "LogDestination": "arn:aws:s3:::logs",
                "MaxAggregationInterval": "60",
            },
        ),
    }
    typed = {name: {"Type": f"AWS::EC2::{kind}", "Properties": values} for name, (kind, values) in made.items()}
    return {**typed, "In": entry(number, cidr), "Out": entry(number, cidr, egress="true")}


@dataclass
class Seen:
    """What EC2 and CloudFormation say at one moment."""

    ids: dict[str, str]
    outputs: dict[str, str]
    acls: dict[str, dict[str, Any]]
    flow_logs: list[dict[str, Any]]


@dataclass
class Story:
    """New, after changes in place, after replacements, and after the deletion."""

    created: Seen
    changed: Seen
    replaced: Seen
    deleted: str
    left: list[Any]


@pytest.fixture(scope="module")
def story(local_cloud: Any, stacks: Callable[[], Stack]) -> Story:
    """Lives the stack's life."""
    ec2, stack = local_cloud.client("ec2"), stacks()

    def look(status: str) -> Seen:
        assert status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"), stack.reasons()
        ids = stack.ids()
        acls = ec2.describe_network_acls(NetworkAclIds=[ids["Acl"], ids["Other"]])["NetworkAcls"]
        logs = ec2.describe_flow_logs(Filters=[{"Name": "resource-id", "Values": [ids["Vpc"]]}])["FlowLogs"]
        return Seen(ids, stack.outputs(), {acl["NetworkAclId"]: acl for acl in acls}, logs)

    created = look(stack.create(resources(), OUTPUTS))
    changed = look(stack.update(resources(cidr="10.1.0.0/16"), OUTPUTS))
    replaced = look(stack.update(resources(number=200, cidr="10.1.0.0/16", acl="Other", traffic="REJECT"), OUTPUTS))
    deleted, vpc = stack.delete(), created.ids["Vpc"]
    acls = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["NetworkAcls"]
    logs = ec2.describe_flow_logs(Filters=[{"Name": "resource-id", "Values": [vpc]}])["FlowLogs"]
    return Story(created, changed, replaced, deleted, [*acls, *logs])


def rules(seen: Seen, acl: str = "Acl") -> set[tuple[int, bool, str]]:
    return {
        (entry["RuleNumber"], entry["Egress"], entry["CidrBlock"])
        for entry in seen.acls[seen.ids[acl]]["Entries"]
        if entry["RuleNumber"] < 32767
    }


def users(seen: Seen, acl: str) -> list[str]:
    return [found["SubnetId"] for found in seen.acls[seen.ids[acl]]["Associations"]]


def test_attributes_are_those_of_the_reference(story: Story) -> None:
    outputs, ids = story.created.outputs, story.created.ids
    assert outputs["Cidr"] == "10.0.0.0/16"
    assert outputs["Vpc"].startswith("vpc-")
    assert outputs["DefaultAcl"].startswith("acl-")
    assert outputs["DefaultGroup"].startswith("sg-")
    assert outputs["Acl"] == ids["Acl"] != outputs["DefaultAcl"]
    assert outputs["Association"] == ids["Association"]
    assert outputs["FlowLog"] == ids["FlowLog"]


def test_strings_become_rules_in_both_directions(story: Story) -> None:
    assert rules(story.created) == {(100, False, "10.0.0.0/16"), (100, True, "10.0.0.0/16")}
    entry = next(e for e in story.created.acls[story.created.ids["Acl"]]["Entries"] if e["RuleNumber"] == 100)
    assert entry["PortRange"] == {"From": 443, "To": 443}


def test_the_subnet_uses_the_acl_and_no_other(story: Story) -> None:
    assert users(story.created, "Acl") == [story.created.ids["Subnet"]]
    assert users(story.created, "Other") == []


def test_tags_are_shown_and_change_in_place(story: Story) -> None:
    def tags(seen: Seen) -> list[str]:
        return [tag["Value"] for tag in seen.acls[seen.ids["Acl"]]["Tags"] if tag["Key"] == "Name"]

    assert (tags(story.created), tags(story.replaced)) == (["ALL"], ["REJECT"])


def test_a_rules_network_changes_in_place(story: Story) -> None:
    assert rules(story.changed) == {(100, False, "10.1.0.0/16"), (100, True, "10.1.0.0/16")}
    assert story.changed.ids == story.created.ids


def test_a_rules_number_an_association_and_a_flow_log_are_replaced(story: Story) -> None:
    before, after = story.changed.ids, story.replaced.ids
    assert {key for key in before if before[key] != after[key]} == {"In", "Out", "Association", "FlowLog"}
    assert {number for number, _, _ in rules(story.replaced)} == {200}
    assert users(story.replaced, "Acl") == []
    assert users(story.replaced, "Other") == [after["Subnet"]]
    assert [log["TrafficType"] for log in story.replaced.flow_logs] == ["REJECT"]


def test_a_flow_log_says_where_it_writes(story: Story) -> None:
    (log,) = story.created.flow_logs
    assert (log["LogDestinationType"], log["FlowLogStatus"]) == ("s3", "ACTIVE")
    assert log["ResourceId"] == story.created.ids["Vpc"]


def test_nothing_is_left_of_a_deleted_stack(story: Story) -> None:
    assert story.deleted == "DELETE_COMPLETE"
    assert story.left == []


@pytest.mark.parametrize(
    ("change", "at", "reason"),
    [
        ({"Twice": entry(100, "10.2.0.0/16")}, "Twice", "entry identified by 100 already exists"),
        (
            {"Lost": {"Type": "AWS::EC2::NetworkAcl", "Properties": {"VpcId": "vpc-0"}}},
            "Lost",
            "vpc ID 'vpc-0' does not exist",
        ),
        (
            {
                "Stray": {
                    "Type": "AWS::EC2::SubnetNetworkAclAssociation",
                    "Properties": {"SubnetId": "subnet-0", "NetworkAclId": {"Ref": "Acl"}},
                }
            },
            "Stray",
            "subnet ID 'subnet-0' does not exist",
        ),
        ({"Adrift": entry(1, "10.0.0.0/8", acl="acl-0")}, "Adrift", "network acl ID 'acl-0' does not exist"),
    ],
)
def test_what_ec2_refuses_rolls_the_stack_back(
    stacks: Callable[[], Stack], change: dict[str, Any], at: str, reason: str
) -> None:
    wanted = {key: value for key, value in resources().items() if key in ("Vpc", "Acl", "In")}
    added = {key: {"DependsOn": "In", **value} for key, value in change.items()}
    stack = stacks()
    assert stack.create({**wanted, **added}) == "ROLLBACK_COMPLETE"
    assert reason in stack.reasons()[at]


def test_an_alarm_changes_in_place_and_keeps_its_state(local_cloud: Any, stacks: Callable[[], Stack]) -> None:
    cloudwatch, stack, name = local_cloud.client("cloudwatch"), stacks(), new("alarm")

    def alarm(threshold: str) -> dict[str, Any]:
        stat = {"Metric": {"Namespace": name, "MetricName": "errors"}, "Period": "60", "Stat": "Sum"}
        properties = {
            "AlarmName": name,
            "EvaluationPeriods": "2",
            "DatapointsToAlarm": "1",
            "Threshold": threshold,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "ignore",
            "Metrics": [{"Id": "m1", "MetricStat": stat, "ReturnData": "true"}],
        }
        return {"Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": properties}}

    assert stack.create(alarm("1")) == "CREATE_COMPLETE"
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="a test")
    assert stack.update(alarm("2.5")) == "UPDATE_COMPLETE"
    (found,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    assert (found["Threshold"], found["StateValue"], found["DatapointsToAlarm"]) == (2.5, "ALARM", 1)
    assert stack.delete() == "DELETE_COMPLETE"
    assert cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"] == []
