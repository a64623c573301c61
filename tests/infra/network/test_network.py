from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from aws_cdk import Stack

from infra.config.loader import load
from infra.network.capabilities import Capability
from infra.network.network import Network
from infra.network.prefix_lists import S3_PREFIX_LISTS, s3_prefix_list_id
from infra.storage.key import Key
from tests.infra.world import resources
from tests.support.synthesis import REPOSITORY, Template, template_of

CLIENT_TIERS = ("Jobs", "Endpoints", "Lambdas")


@cache
def network(*capabilities: Capability) -> Template:
    environment = load(REPOSITORY, "dev").environment
    config = environment.network.model_copy(update={"availability_zones": ("us-east-1a", "us-east-1b")})

    def build(stack: Stack) -> None:
        key = Key(stack, "Key", alias="alias/key", description="x", rotation_days=90, protection=environment.protection)
        Network(
            stack,
            "Network",
            config=config,
            capabilities=frozenset(capabilities),
            protection=environment.protection,
            flow_log_key=key,
        )

    return template_of(build)


def named(kind: str, part: str) -> dict[str, Any]:
    """The properties of the only resource of a type whose logical id holds `part`."""
    found = network(Capability.JOBS)["Resources"].items()
    (properties,) = [each["Properties"] for name, each in found if each["Type"] == kind and part in name]
    return dict(properties)


def acl_entries(tier: str) -> set[tuple[bool, str, int, int]]:
    found = network(Capability.JOBS)["Resources"].items()
    entries = [e["Properties"] for n, e in found if e["Type"] == "AWS::EC2::NetworkAclEntry" and f"Network{tier}" in n]
    return {(e["Egress"], e["CidrBlock"], e["PortRange"]["From"], e["PortRange"]["To"]) for e in entries}


def test_there_is_no_way_to_the_internet() -> None:
    kinds = {each["Type"] for each in network(Capability.JOBS)["Resources"].values()}

    assert not kinds & {"AWS::EC2::InternetGateway", "AWS::EC2::NatGateway", "AWS::EC2::Route", "AWS::EC2::EIP"}


def test_every_tier_has_a_subnet_in_every_zone_and_none_gives_public_addresses() -> None:
    subnets = resources(network(Capability.JOBS), "AWS::EC2::Subnet")

    assert len(subnets) == 4 * 2
    assert {subnet["MapPublicIpOnLaunch"] for subnet in subnets} == {False}
    zones = {json.dumps(subnet["AvailabilityZone"]) for subnet in subnets}
    assert zones == {json.dumps({"Fn::Join": ["", [{"Ref": "AWS::Region"}, letter]]}) for letter in "ab"}


@pytest.mark.parametrize("tier", CLIENT_TIERS)
def test_a_calling_tier_may_send_https_and_take_answers(tier: str) -> None:
    assert acl_entries(tier) == {(True, "0.0.0.0/0", 443, 443), (False, "0.0.0.0/0", 1024, 65535)}


def test_the_tier_of_the_interface_endpoints_only_answers_the_vpc() -> None:
    vpc = "10.10.0.0/16"

    assert acl_entries("InterfaceEndpoints") == {(False, vpc, 443, 443), (True, vpc, 1024, 65535)}


def test_every_subnet_has_its_tiers_acl_and_route_table() -> None:
    template = network(Capability.JOBS)

    for kind in ("AWS::EC2::SubnetNetworkAclAssociation", "AWS::EC2::SubnetRouteTableAssociation"):
        assert len({each["SubnetId"]["Ref"] for each in resources(template, kind)}) == 8


@pytest.mark.parametrize("role", CLIENT_TIERS)
def test_a_caller_reaches_the_interface_endpoints_and_s3_and_nothing_reaches_it(role: str) -> None:
    group = named("AWS::EC2::SecurityGroup", f"SecurityGroups{role}")

    targets = {rule.get("CidrIp") or rule["DestinationPrefixListId"] for rule in group["SecurityGroupEgress"]}
    assert targets == {"10.10.64.0/24", "10.10.65.0/24", "pl-63a5400a"}
    assert {(rule["FromPort"], rule["ToPort"]) for rule in group["SecurityGroupEgress"]} == {(443, 443)}
    assert "SecurityGroupIngress" not in group


def test_interface_endpoints_take_https_from_the_callers_groups_and_call_nobody() -> None:
    group = named("AWS::EC2::SecurityGroup", "SecurityGroupsInterfaceEndpoints")

    sources = [rule["SourceSecurityGroupId"]["Fn::GetAtt"][0] for rule in group["SecurityGroupIngress"]]
    assert len(sources) == 3
    assert all("SecurityGroups" in source for source in sources)
    assert [rule["CidrIp"] for rule in group["SecurityGroupEgress"]] == ["127.0.0.1/32"]


def test_interface_endpoints_are_those_that_the_capabilities_need() -> None:
    def interface_endpoints(template: Template) -> set[str]:
        found = resources(template, "AWS::EC2::VPCEndpoint")
        return {each["ServiceName"] for each in found if each["VpcEndpointType"] == "Interface"}

    prefix = "com.amazonaws.us-east-1"
    assert interface_endpoints(network()) == set()
    assert interface_endpoints(network(Capability.JOBS)) == {f"{prefix}.{s}" for s in ("sts", "logs", "monitoring")}


def test_every_endpoint_serves_this_account_only_and_names_its_actions() -> None:
    for endpoint in resources(network(*Capability), "AWS::EC2::VPCEndpoint"):
        (statement,) = endpoint["PolicyDocument"]["Statement"]
        assert statement["Condition"]["StringEquals"]["aws:PrincipalAccount"] == "111122223333"
        assert "*" not in "".join(statement["Action"])


def test_s3_is_reached_by_the_gateway_from_every_calling_tier_and_only_for_this_accounts_buckets() -> None:
    (gateway,) = [e for e in resources(network(), "AWS::EC2::VPCEndpoint") if e["VpcEndpointType"] == "Gateway"]

    assert len(gateway["RouteTableIds"]) == len(CLIENT_TIERS)
    (statement,) = gateway["PolicyDocument"]["Statement"]
    assert statement["Condition"]["StringEquals"]["aws:ResourceAccount"] == "111122223333"


def test_flow_logs_go_to_an_encrypted_log_group_by_a_role_that_may_write_there_only() -> None:
    template = network()
    (log_group,) = resources(template, "AWS::Logs::LogGroup")
    (policy,) = resources(template, "AWS::IAM::Policy")
    (flow_log,) = resources(template, "AWS::EC2::FlowLog")

    assert "Fn::GetAtt" in log_group["KmsKeyId"]
    assert flow_log["ResourceType"] == "VPC"
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Resource"]["Fn::GetAtt"][1] == "Arn"


def test_an_unknown_region_is_answered_with_how_to_find_the_prefix_list() -> None:
    with pytest.raises(ValueError, match=r"region xx-nowhere-1.*describe-managed-prefix-lists.*us-east-1"):
        s3_prefix_list_id("xx-nowhere-1")


def test_prefix_list_ids_have_their_form() -> None:
    assert all(value.startswith("pl-") and len(value) == 11 for value in S3_PREFIX_LISTS.values())
