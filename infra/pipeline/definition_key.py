"""What identifies a pipeline definition: everything that its text depends on, as one hash."""

from __future__ import annotations

import ast
import dataclasses
import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.config.base import Config

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

ROOT = Path(__file__).resolve().parents[2]
# The distributions that write a definition's text; a test compares them with the SDK's parts that are installed.
WRITERS = (
    "boto3",
    "botocore",
    "pydantic",
    "sagemaker",
    "sagemaker-core",
    "sagemaker-mlflow",
    "sagemaker-mlops",
    "sagemaker-schema-inference-artifacts",
    "sagemaker-serve",
    "sagemaker-train",
)


def definition_key(build: Callable[..., str], config: Config, inputs: DataclassInstance) -> str:
    """A SHA-256 in hex over what `build(config, inputs)` depends on, whether it shows in the text or not.

    That is: both arguments (in their order of keys, which the text keeps), the source of the builder and of all of ours
    that it imports, and the versions of Python and of the SDK.

    Raises:
        ValueError: the inputs hold a CDK token: its number means something else in the next synthesis.
    """
    given = json.dumps([config.model_dump(mode="json", by_alias=True), dataclasses.asdict(inputs)])
    if "${Token[" in given:
        raise ValueError(f"a stand-in must hide each CDK token in the inputs of {build.__name__}: {given}")
    parts = [f"{build.__module__}.{build.__qualname__}", given, source_hash(build.__module__, ROOT), *_versions()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@cache
def source_hash(module: str, root: Path) -> str:
    """A SHA-256 in hex over the text of `module` and of every module below `root` that it imports, however far."""
    found: dict[str, bytes] = {}
    pending = {module}
    while pending:
        name = pending.pop()
        file = _file(name, root)
        if name not in found and file is not None:
            found[name] = file.read_bytes()
            pending |= {*_imported(found[name], file), name.rpartition(".")[0]}
    digest = hashlib.sha256()
    for name, text in sorted(found.items()):
        digest.update(f"{name} {hashlib.sha256(text).hexdigest()}\n".encode())
    return digest.hexdigest()


def _file(module: str, root: Path) -> Path | None:
    path = root / module.replace(".", "/")
    candidates = (path.with_name(f"{path.name}.py"), path / "__init__.py") if module else ()
    return next((candidate for candidate in candidates if candidate.is_file()), None)


@cache
def _imported(text: bytes, file: Path) -> frozenset[str]:
    """Names of all modules that may be meant by the import statements, also by those inside of functions."""
    return frozenset(_names(text, file))


def _names(text: bytes, file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level or node.module is None:
                raise ValueError(f"{file}:{node.lineno}: import the module by its full name")
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def _versions() -> list[Any]:
    return [sys.version, *(f"{name}=={metadata.version(name)}" for name in WRITERS)]
