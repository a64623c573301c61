"""Reads and checks the configuration of one environment and its models."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from infra.config.base import Config, Items
from infra.config.environment import EnvironmentConfig
from infra.config.model import ModelConfig


class PlatformConfig(Config):
    """Everything that one environment deploys: the environment and its models, in name order."""

    environment: EnvironmentConfig
    models: Items[ModelConfig]


def environments(root: Path) -> list[str]:
    """Names of the environments below `root`, in alphabetical order."""
    return sorted(path.stem for path in (root / "config").glob("*.yaml"))


def merge(base: Mapping[str, Any], override: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with `override` laid over it: mappings are merged key by key, anything else is replaced."""
    merged = dict(base)
    for key, value in override.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = merge(merged[key], value) if both else value
    return merged


def load(root: Path, environment: str) -> PlatformConfig:
    """The checked configuration of `environment`, from config/<environment>.yaml and models/*/model.yaml."""
    data = yaml.safe_load((root / "config" / f"{environment}.yaml").read_text("utf-8"))
    models = []
    for name, override in sorted(data["models"].items()):
        path = root / "models" / name.replace("-", "_") / "model.yaml"
        models.append(ModelConfig.model_validate(merge(yaml.safe_load(path.read_text("utf-8")), override)))
    return PlatformConfig(environment=EnvironmentConfig.model_validate(data), models=tuple(models))
