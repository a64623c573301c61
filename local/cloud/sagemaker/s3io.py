"""A job's data on its way from and to S3, with the credentials of the job's role."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from boto3.exceptions import S3UploadFailedError
from botocore.exceptions import ClientError

from local.cloud.kernel.errors import validation_error


class TransferError(Exception):
    """S3 refused a transfer; the message is what SageMaker shows as the reason of the failure."""


def parse_uri(uri: str) -> tuple[str, str]:
    """`s3://bucket/key` as bucket and key.

    Raises:
        ApiError: ValidationException if it is not an S3 URI.
    """
    found = re.fullmatch(r"s3://([^/]+)/?(.*)", uri, re.DOTALL)
    if not found:
        raise validation_error(f"'{uri}' is not an S3 URI (s3://bucket/prefix)")
    return found[1], found[2]


def join(uri: str, *parts: str) -> str:
    """The URI of something under a prefix, with single slashes."""
    return "/".join([uri.rstrip("/"), *(part.strip("/") for part in parts)])


def objects(s3: Any, uri: str) -> Iterator[tuple[str, str]]:
    """Key and relative file name of every object under an S3 prefix, as SageMaker lays them out in a folder.

    Raises:
        TransferError: if S3 refuses, or if there is nothing.
    """
    bucket, prefix = parse_uri(uri)
    found = 0
    try:
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            for item in page.get("Contents", []):
                if not item["Key"].endswith("/"):
                    found += 1
                    yield item["Key"], _relative(item["Key"], prefix)
    except ClientError as error:
        raise _download_failed(error, uri) from error
    if not found:
        raise TransferError(f"ClientError: Data download failed: NoSuchKey (404): no S3 objects found under {uri}")


def _relative(key: str, prefix: str) -> str:
    folder = prefix if prefix.endswith("/") or not prefix else f"{prefix}/"
    if key.startswith(folder):
        return key.removeprefix(folder)
    return key[prefix.rfind("/") + 1 :]  # the prefix names one object, or the beginning of several names


def download(s3: Any, uri: str, folder: Path) -> int:
    """Copy everything under an S3 prefix into a folder; answers the number of files.

    Raises:
        TransferError: as `objects`, or if a name would leave the folder.
    """
    bucket, _ = parse_uri(uri)
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for key, name in objects(s3, uri):
        target = (folder / name).resolve()
        if not target.is_relative_to(folder.resolve()):
            raise TransferError(f"ClientError: Data download failed: the key {key} leaves its folder")
        target.parent.mkdir(parents=True, exist_ok=True)
        fetch(s3, f"s3://{bucket}/{key}", target)
        count += 1
    return count


def fetch(s3: Any, uri: str, target: Path) -> None:
    """Copy one object to a file.

    Raises:
        TransferError: if S3 refuses.
    """
    bucket, key = parse_uri(uri)
    try:
        s3.download_file(bucket, key, str(target))
    except ClientError as error:
        raise _download_failed(error, uri) from error


def read(s3: Any, uri: str) -> bytes:
    """The bytes of one object.

    Raises:
        TransferError: if S3 refuses.
    """
    bucket, key = parse_uri(uri)
    try:
        return bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    except ClientError as error:
        raise _download_failed(error, uri) from error


def upload(s3: Any, file: Path, uri: str, kms_key_id: str | None = None) -> None:
    """Copy one file to an object.

    Raises:
        TransferError: if S3 refuses.
    """
    bucket, key = parse_uri(uri)
    extra = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms_key_id} if kms_key_id else None
    try:
        s3.upload_file(str(file), bucket, key, ExtraArgs=extra)
    except (ClientError, S3UploadFailedError) as error:
        raise TransferError(f"ClientError: Artifact upload failed: {error}") from error


def upload_folder(s3: Any, folder: Path, uri: str, kms_key_id: str | None = None) -> int:
    """Copy every file of a folder under an S3 prefix; answers their number.

    Raises:
        TransferError: if S3 refuses.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    for file in files:
        upload(s3, file, join(uri, file.relative_to(folder).as_posix()), kms_key_id)
    return len(files)


def pack(folder: Path, archive: Path) -> None:
    """Write `model.tar.gz` and the like: the folder's content at the top of the archive."""
    with tarfile.open(archive, "w:gz") as tar:
        for path in sorted(folder.iterdir()):
            tar.add(path, arcname=path.name)


def unpack(archive: Path, folder: Path) -> None:
    """Unpack an archive into a folder; members that would leave it are refused by the `data` filter.

    Raises:
        TransferError: if it is not a tar archive, or not a safe one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
    except tarfile.TarError as error:
        raise TransferError(f"ClientError: Failed to extract model data archive {archive.name}: {error}") from error


def _download_failed(error: ClientError, uri: str) -> TransferError:
    detail = error.response["Error"]
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    code = {"404": "NoSuchKey", "403": "AccessDenied"}.get(detail["Code"], detail["Code"])
    return TransferError(f"ClientError: Data download failed: {code} ({status}): {detail.get('Message', '')} [{uri}]")
