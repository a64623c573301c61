"""The offline store's tables in the Glue data catalog."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from local.cloud.kernel import clients

DATABASE = "sagemaker_featurestore"
GLUE_TYPES = {"Integral": "bigint", "Fractional": "double", "String": "string"}
PARTITIONS = ("year", "month", "day", "hour")
REQUEST_PARTITIONS = 100
_PARQUET = "org.apache.hadoop.hive.ql.io.parquet"
Group = dict[str, Any]


def create_table(group: Group) -> None:
    """Create the group's table, and the database with the first; nothing where the group wants no table."""
    names = _names(group)
    if names is None:
        return
    database, _ = names
    glue = clients.client("glue")
    with suppress(glue.exceptions.AlreadyExistsException):
        glue.create_database(DatabaseInput={"Name": database})
    glue.create_table(DatabaseName=database, TableInput=_table(group, names[1]))


def update_table(group: Group) -> None:
    """Give the group's table the columns that the group has now."""
    if names := _names(group):
        clients.client("glue").update_table(DatabaseName=names[0], TableInput=_table(group, names[1]))


def add_partitions(group: Group, hours: list[datetime]) -> None:
    """Make these hours visible to queries; partitions that are there already are left as they are."""
    names = _names(group)
    if names is None:
        return
    location = group["OfflineStoreConfig"]["S3StorageConfig"]["ResolvedOutputS3Uri"]
    inputs = [
        {
            "Values": [f"{hour:%Y}", f"{hour:%m}", f"{hour:%d}", f"{hour:%H}"],
            "StorageDescriptor": _storage(group, f"{location}/{hour:year=%Y/month=%m/day=%d/hour=%H}"),
        }
        for hour in hours
    ]
    glue = clients.client("glue")
    for start in range(0, len(inputs), REQUEST_PARTITIONS):
        part = inputs[start : start + REQUEST_PARTITIONS]
        glue.batch_create_partition(DatabaseName=names[0], TableName=names[1], PartitionInputList=part)


def _names(group: Group) -> tuple[str, str] | None:
    config = group.get("OfflineStoreConfig", {})
    if config.get("DisableGlueTableCreation", True):
        return None
    return config["DataCatalogConfig"]["Database"], config["DataCatalogConfig"]["TableName"]


def _table(group: Group, name: str) -> dict[str, Any]:
    return {
        "Name": name,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"EXTERNAL": "TRUE", "classification": "parquet"},
        "PartitionKeys": [{"Name": key, "Type": "string"} for key in PARTITIONS],
        "StorageDescriptor": _storage(group, group["OfflineStoreConfig"]["S3StorageConfig"]["ResolvedOutputS3Uri"]),
    }


def _storage(group: Group, location: str) -> dict[str, Any]:
    columns = {feature["FeatureName"]: GLUE_TYPES[feature["FeatureType"]] for feature in group["FeatureDefinitions"]}
    columns |= {"write_time": "timestamp", "api_invocation_time": "timestamp", "is_deleted": "boolean"}
    return {
        "Columns": [{"Name": name, "Type": kind} for name, kind in columns.items()],
        "Location": location,
        "InputFormat": f"{_PARQUET}.MapredParquetInputFormat",
        "OutputFormat": f"{_PARQUET}.MapredParquetOutputFormat",
        "SerdeInfo": {"SerializationLibrary": f"{_PARQUET}.serde.ParquetHiveSerDe"},
    }
