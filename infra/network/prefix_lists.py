"""Ids of AWS's own prefix lists for S3: they name the addresses behind a gateway endpoint in a security group."""

from __future__ import annotations

# CloudFormation cannot look the id up, CDK's lookup needs credentials at synth, and the only other way to allow S3 in
# a security group is to allow every address. The ids are AWS's, the same in every account, and do not change.
# Source: `aws ec2 describe-managed-prefix-lists` (com.amazonaws.<region>.s3).
S3_PREFIX_LISTS = {
    "ap-northeast-1": "pl-61a54008",
    "ap-northeast-2": "pl-78a54011",
    "ap-northeast-3": "pl-a4a540cd",
    "ap-south-1": "pl-78a54011",
    "ap-southeast-1": "pl-6fa54006",
    "ap-southeast-2": "pl-6ca54005",
    "ca-central-1": "pl-7da54014",
    "eu-central-1": "pl-6ea54007",
    "eu-north-1": "pl-c3aa4faa",
    "eu-west-1": "pl-6da54004",
    "eu-west-2": "pl-7ca54015",
    "eu-west-3": "pl-23ad484a",
    "sa-east-1": "pl-6aa54003",
    "us-east-1": "pl-63a5400a",
    "us-east-2": "pl-7ba54012",
    "us-west-1": "pl-6ba54002",
    "us-west-2": "pl-68a54001",
}


def s3_prefix_list_id(region: str) -> str:
    """Id of the prefix list of S3 in `region`.

    Raises:
        ValueError: The region is not in the table.
    """
    try:
        return S3_PREFIX_LISTS[region]
    except KeyError:
        raise ValueError(
            f"region {region}: the id of AWS's prefix list for S3 is not known here. Ask for it with `aws ec2 "
            f"describe-managed-prefix-lists --filters Name=prefix-list-name,Values=com.amazonaws.{region}.s3` and "
            f"add it to S3_PREFIX_LISTS; known regions: {', '.join(S3_PREFIX_LISTS)}"
        ) from None
