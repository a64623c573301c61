"""Network ACLs, their entries and associations, and flow logs, in the emulator's own EC2 tables."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from ministack.core.responses import get_account_id
from ministack.services import ec2
from ministack.services.cloudformation import provisioners

from local.cloud.cloudformation.resource_type import Properties, Result

_emulator_entry_xml: Callable[[Properties], str] = ec2._network_acl_entry_xml


def _id(prefix: str) -> str:
    return f"{prefix}-{secrets.token_hex(9)[:17]}"


def create_acl(_logical_id: str, properties: Properties, _stack: str) -> Result:
    """An ACL of the VPC, with nothing allowed yet."""
    vpc_id = properties["VpcId"]
    if vpc_id not in ec2._vpcs:
        raise ValueError(f"The vpc ID '{vpc_id}' does not exist")
    acl_id = _id("acl")
    ec2._network_acls[acl_id] = {
        "NetworkAclId": acl_id,
        "VpcId": vpc_id,
        "IsDefault": False,
        "Entries": [],
        "Associations": [],
        "OwnerId": get_account_id(),
    }
    provisioners._ec2_apply_tags(acl_id, properties)
    return acl_id, {"Id": acl_id}


def retag(physical_id: str, old: Properties, new: Properties, _stack: str) -> Result:
    """Only tags change in place."""
    provisioners._ec2_apply_tags(physical_id, new, old)
    return physical_id, {"Id": physical_id}


def delete_acl(physical_id: str, _properties: Properties) -> None:
    """Delete an ACL that no subnet uses."""
    acl = ec2._network_acls.get(physical_id)
    if acl and acl["Associations"]:
        raise ValueError(f"networkAcl '{physical_id}' has dependencies and cannot be deleted.")
    ec2._network_acls.pop(physical_id, None)
    ec2._tags.pop(physical_id, None)


def create_entry(logical_id: str, properties: Properties, _stack: str) -> Result:
    """A numbered rule of an ACL; the number is taken once per direction."""
    acl, entry = _acl(properties), _entry(properties)
    if any(_same(entry, other) for other in acl["Entries"]):
        raise ValueError(f"The network acl entry identified by {entry['RuleNumber']} already exists.")
    acl["Entries"].append(entry)
    return f"{logical_id}-{secrets.token_hex(6)}", {}


def update_entry(physical_id: str, old: Properties, new: Properties, _stack: str) -> Result:
    """Replace the rule of that number and direction."""
    acl, before = _acl(new), _entry(old)
    acl["Entries"] = [entry for entry in acl["Entries"] if not _same(entry, before)] + [_entry(new)]
    return physical_id, {}


def delete_entry(_physical_id: str, properties: Properties) -> None:
    """Take the rule out, if its ACL is still there."""
    acl = ec2._network_acls.get(properties["NetworkAclId"])
    if acl:
        acl["Entries"] = [entry for entry in acl["Entries"] if not _same(entry, _entry(properties))]


def _acl(properties: Properties) -> Properties:
    acl_id = properties["NetworkAclId"]
    if acl_id not in ec2._network_acls:
        raise ValueError(f"The network acl ID '{acl_id}' does not exist")
    found: Properties = ec2._network_acls[acl_id]
    return found


def _entry(properties: Properties) -> Properties:
    entry = {
        "RuleNumber": int(properties["RuleNumber"]),
        "Protocol": str(properties["Protocol"]),
        "RuleAction": properties["RuleAction"],
        "Egress": str(properties.get("Egress", False)).lower() == "true",
    }
    kept = ("CidrBlock", "Ipv6CidrBlock", "PortRange", "Icmp")
    return {**entry, **{key: properties[key] for key in kept if key in properties}}


def entry_xml(entry: Properties) -> str:
    """The emulator's description of a rule, with the ports that it leaves out."""
    ports = entry.get("PortRange")
    shown = f"<portRange><from>{ports['From']}</from><to>{ports['To']}</to></portRange>" if ports else ""
    return _emulator_entry_xml(entry).replace("</item>", f"{shown}</item>")


def _same(one: Properties, other: Properties) -> bool:
    return (one["RuleNumber"], one["Egress"]) == (other["RuleNumber"], other["Egress"])


def create_association(_logical_id: str, properties: Properties, _stack: str) -> Result:
    """Give the subnet this ACL in place of the one it had."""
    subnet_id, wanted = properties["SubnetId"], _acl(properties)
    if subnet_id not in ec2._subnets:
        raise ValueError(f"The subnet ID '{subnet_id}' does not exist")
    for acl in ec2._network_acls.values():
        acl["Associations"] = [a for a in acl["Associations"] if a["SubnetId"] != subnet_id]
    association_id = _id("aclassoc")
    wanted["Associations"].append(
        {
            "NetworkAclAssociationId": association_id,
            "SubnetId": subnet_id,
            "NetworkAclId": wanted["NetworkAclId"],
        }
    )
    return association_id, {"AssociationId": association_id}


def delete_association(physical_id: str, _properties: Properties) -> None:
    """Take the association out; the subnet falls back to the VPC's default ACL."""
    for acl in ec2._network_acls.values():
        acl["Associations"] = [a for a in acl["Associations"] if a["NetworkAclAssociationId"] != physical_id]


def create_flow_log(_logical_id: str, properties: Properties, _stack: str) -> Result:
    """Record the flow log; there are no packets here to log."""
    flow_log_id = _id("fl")
    ec2._flow_logs[flow_log_id] = {
        "FlowLogId": flow_log_id,
        "ResourceId": properties["ResourceId"],
        "ResourceType": properties["ResourceType"],
        "TrafficType": properties.get("TrafficType", "ALL"),
        "LogDestinationType": properties.get("LogDestinationType", "cloud-watch-logs"),
        "LogDestination": properties.get("LogDestination") or properties.get("LogGroupName", ""),
        "FlowLogStatus": "ACTIVE",
        "CreationTime": ec2._now_ts(),
    }
    provisioners._ec2_apply_tags(flow_log_id, properties)
    return flow_log_id, {"Id": flow_log_id}


def delete_flow_log(physical_id: str, _properties: Properties) -> None:
    """Forget the flow log."""
    ec2._flow_logs.pop(physical_id, None)
    ec2._tags.pop(physical_id, None)


def create_vpc(logical_id: str, properties: Properties, stack: str) -> Result:
    """The emulator's VPC with the attributes that it leaves out."""
    vpc_id, attributes = provisioners._ec2_vpc_create(logical_id, properties, stack)
    vpc = ec2._vpcs[vpc_id]
    return vpc_id, {**attributes, "CidrBlock": vpc["CidrBlock"], "CidrBlockAssociations": []}


HANDLERS: dict[str, dict[str, Any]] = {
    "AWS::EC2::NetworkAcl": {"create": create_acl, "update": retag, "delete": delete_acl},
    "AWS::EC2::NetworkAclEntry": {"create": create_entry, "update": update_entry, "delete": delete_entry},
    "AWS::EC2::SubnetNetworkAclAssociation": {"create": create_association, "delete": delete_association},
    "AWS::EC2::FlowLog": {"create": create_flow_log, "update": retag, "delete": delete_flow_log},
}
REPLACING: dict[str, tuple[str, ...]] = {
    "AWS::EC2::NetworkAcl": ("VpcId",),
    "AWS::EC2::NetworkAclEntry": ("Egress", "NetworkAclId", "RuleNumber"),
    "AWS::EC2::SubnetNetworkAclAssociation": ("NetworkAclId", "SubnetId"),
    "AWS::EC2::FlowLog": (
        "DeliverLogsPermissionArn",
        "DestinationOptions",
        "LogDestination",
        "LogDestinationType",
        "LogFormat",
        "LogGroupName",
        "MaxAggregationInterval",
        "ResourceId",
        "ResourceType",
        "TrafficType",
    ),
}
