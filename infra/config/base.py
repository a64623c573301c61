"""The base of every configuration class: frozen, strict, and closed to unknown keys."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainSerializer, Strict

T = TypeVar("T")


class Config(BaseModel):
    """A slice of configuration: it cannot be changed, coerces nothing, and refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", use_attribute_docstrings=True)


def _freeze(value: Any) -> Any:
    if isinstance(value, Mapping):
        return MappingProxyType({key: _freeze(item) for key, item in value.items()})
    if isinstance(value, list | tuple):
        return tuple(_freeze(item) for item in value)
    return value


def _thaw(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _thaw(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_thaw(item) for item in value]
    return value


# YAML lists become tuples: the one conversion that strict mode may make, since a list could be changed.
Items = Annotated[tuple[T, ...], Strict(False)]
# YAML mappings with free keys become read-only views, however deep.
ReadOnly = Annotated[Mapping[str, T], AfterValidator(_freeze), PlainSerializer(_thaw)]
