"""Put our resource types into the emulator's CloudFormation engine."""

from __future__ import annotations

from ministack.services import ec2
from ministack.services.cloudformation import provisioners, stacks

from local.cloud.cloudformation import autoscaling_types, ec2_types, s3_types, sagemaker_types

_engine_runs_on_worker_thread = stacks._runs_on_worker_thread


def _waits(resource_type: str) -> bool:
    """Our types wait for processes and call the cloud itself, so never on the event loop."""
    ours = resource_type.startswith(("AWS::SageMaker::", "AWS::ApplicationAutoScaling::"))
    return ours or bool(_engine_runs_on_worker_thread(resource_type))


def install() -> None:
    """Register handlers, replacement rules and where they run."""
    handlers, replacing = provisioners._RESOURCE_HANDLERS, provisioners._REPLACING_PROPERTIES
    for name, resource_type in sagemaker_types.TYPES.items():
        handlers[name] = resource_type.handlers()
        replacing[name] = resource_type.replacing
        provisioners._CUSTOM_NAME_REPLACEMENT[name] = {"name": resource_type.name}
    for module in (autoscaling_types, ec2_types, s3_types):
        handlers.update(module.HANDLERS)
        replacing.update(module.REPLACING)
    handlers["AWS::EC2::VPC"] = {**handlers["AWS::EC2::VPC"], "create": ec2_types.create_vpc}
    ec2._network_acl_entry_xml = ec2_types.entry_xml
    stacks._runs_on_worker_thread = _waits
