from __future__ import annotations

from aws_cdk import Environment, Stack, Stage
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from infra.checks import acknowledge, acknowledge_objects
from tests.support.synthesis import new_app


def findings(*, across: bool, keys: str = "data/*") -> set[str]:
    """What AwsSolutions says of a policy on the objects data/* of a bucket when `keys` are acknowledged."""
    from cdk_nag import AwsSolutionsChecks

    app = new_app()
    stage = Stage(app, "test")
    environment = Environment(account="111122223333", region="us-east-1")
    producer = Stack(stage, "Producer", env=environment, stack_name="producer")
    consumer = Stack(stage, "Consumer", env=environment, stack_name="consumer") if across else producer
    bucket = s3.Bucket(producer, "Bucket")
    role = iam.Role(consumer, "Role", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"))
    statement = iam.PolicyStatement(actions=["s3:GetObject"], resources=[bucket.arn_for_objects("data/*")])
    policy = iam.Policy(consumer, "Policy", roles=[role], statements=[statement])
    acknowledge_objects(policy, bucket, keys, "a test")
    acknowledge(bucket, "AwsSolutions-S1", "a test")
    acknowledge(bucket, "AwsSolutions-S10", "a test")
    app.synth()
    return {each.rule_name for each in AwsSolutionsChecks(app).validate_scope(app).violations}


def test_objects_of_a_bucket_in_the_same_stack_are_acknowledged() -> None:
    assert findings(across=False) == set()


def test_objects_of_a_bucket_in_another_stack_are_acknowledged_by_their_weak_reference() -> None:
    assert findings(across=True) == set()


def test_other_objects_are_not_acknowledged() -> None:
    (finding,) = findings(across=True, keys="other/*")

    assert finding.startswith("AwsSolutions-IAM5[Resource::")
    assert finding.endswith("/data/*]")
