"""What the local cloud answers: its operations by service, and the resource types that it adds."""

from __future__ import annotations

from docs.generator.markdown import code, table


def operations() -> str:
    """The operations of each service that is ours; all others of them answer NotImplementedException."""
    from local.cloud import autoscaling
    from local.cloud.sagemaker import control, feature_store, featurestore_runtime, hosting, operations, runtime

    assert all((feature_store, hosting, operations))  # importing them declares their operations
    services = (control.service, runtime.service, featurestore_runtime.service, autoscaling.service)
    rows = [
        (f"`{each.name}`", f"{len(each.operations)} of {len(each.model.operation_names)}", code(each.operations))
        for each in services
    ]
    return table(("service", "operations", "which"), rows)


def resource_types() -> str:
    """The CloudFormation types that the emulator lacks."""
    from local.cloud.cloudformation import autoscaling_types, ec2_types, sagemaker_types

    added = [*sagemaker_types.TYPES, *autoscaling_types.HANDLERS, *ec2_types.HANDLERS]
    replacing = {name: each.replacing for name, each in sagemaker_types.TYPES.items()}
    replacing |= {**autoscaling_types.REPLACING, **ec2_types.REPLACING}
    rows = [(f"`{name}`", code(replacing[name])) for name in sorted(added)]
    return table(("resource type", "replaced when one of these changes"), rows)
