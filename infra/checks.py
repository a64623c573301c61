"""The checks that run at synth, and how a finding is acknowledged: exactly that finding, with a reason, beside it."""

from __future__ import annotations

import hashlib
import json
import re
from weakref import WeakKeyDictionary

from aws_cdk import Acknowledgment, Stack, Validations
from aws_cdk import aws_s3 as s3
from constructs import Construct, IConstruct

from infra.place import place_of

# A policy has many findings, and asking the CDK's own process takes half a millisecond.
_VALIDATIONS: WeakKeyDictionary[IConstruct, Validations] = WeakKeyDictionary()


def add_checks(scope: Construct) -> None:
    """Runs AwsSolutions (cdk-nag) on everything below `scope`, an app or a stage, at synth; findings stop it."""
    # Imported here: loading the rules takes a second, and only a whole synth needs them.
    from cdk_nag import AwsSolutionsChecks

    Validations.of(scope).add_plugins(AwsSolutionsChecks(scope))


def acknowledge(construct: IConstruct, finding: str, reason: str) -> None:
    """Accepts one finding on `construct`, by its exact id, e.g. AwsSolutions-IAM5[Resource::arn:...]."""
    validations = _VALIDATIONS.get(construct)
    if validations is None:
        validations = _VALIDATIONS[construct] = Validations.of(construct)
    validations.acknowledge(Acknowledgment(id=finding, reason=reason))


def acknowledge_objects(construct: IConstruct, bucket: s3.IBucket, keys: str, reason: str) -> None:
    """Accepts that a policy below `construct` names the objects `keys` (e.g. flight-delay/*) of `bucket`."""
    resource = f"{_flat_arn(construct, bucket)}/{keys}"
    acknowledge(construct, f"AwsSolutions-IAM5[Resource::{resource}]", reason)


def _flat_arn(consumer: IConstruct, bucket: s3.IBucket) -> str:
    """The bucket's ARN as cdk-nag writes it: <LogicalId.Arn>, or a weak reference to another stack's output."""
    stack = bucket.stack
    reference = stack.resolve(bucket.bucket_arn)
    logical_id, attribute = reference["Fn::GetAtt"]
    name = stack.stack_name
    # Stacks are compared by their names, each given once: jsii may hand out a second Python object for a construct.
    if name == Stack.of(consumer).stack_name:
        return f"<{logical_id}.{attribute}>"
    return _compact(
        {
            "Fn::GetStackOutput": {
                "StackName": name,
                "Region": place_of(stack).region,
                "OutputName": _output_name(reference),
            }
        }
    )


def _output_name(reference: dict[str, list[str]]) -> str:
    """The name that CDK gives to the output behind a weak reference: readable parts, then a hash of its path.

    Source: aws-cdk-lib, core/lib/private/refs.ts (createGetStackOutput) and uniqueid.ts. If CDK ever names outputs in
    another way, acknowledgements miss their findings and synth fails: the names are checked by that.
    """
    scope, output = "Publish", f"Output{_compact(reference)}"
    digest = hashlib.md5(f"{scope}/{output}".encode(), usedforsecurity=False).hexdigest()
    return f"{scope}{re.sub('[^A-Za-z0-9]', '', output)}{digest[:8].upper()}"


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
