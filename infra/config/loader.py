"""Reads and checks the configuration of one environment and its models."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from infra import naming
from infra.config import overrides, source, structure
from infra.config.base import Config, Items
from infra.config.environment import EnvironmentConfig
from infra.config.errors import ConfigError, Problem
from infra.config.model import ModelConfig
from infra.config.rules import environment as environment_rules
from infra.config.rules import model as model_rules
from infra.config.rules import names, network, serving
from infra.config.rules.finding import Finding, run
from infra.config.rules.model import ModelScope
from infra.config.source import Document
from infra.config.structure import Structure
from infra.config.view import View

_ENVIRONMENT_RULES = (*environment_rules.RULES, *network.RULES)
_MODEL_RULES = (*model_rules.RULES, *serving.RULES, *names.RULES)
# The same model in every environment: these decide its data and its name, and are not an environment's to change.
FIXED_KEYS = ("name", "problem", "schema")
_EMPTY = View(Document({}, {}), Structure([], frozenset({()}), frozenset()))


class PlatformConfig(Config):
    """Everything that one environment deploys: the environment and its models, in name order."""

    environment: EnvironmentConfig
    """The environment."""
    models: Items[ModelConfig]
    """Its models in name order, each merged with the environment's overrides."""


@dataclass(frozen=True)
class _ModelFile:
    folder: Path
    document: Document

    @property
    def name(self) -> str:
        """The name that the folder says, by which environments call the model."""
        return self.folder.name.replace("_", "-")


def environments(root: Path) -> list[str]:
    """Names of the environments below `root`, in alphabetical order."""
    return sorted(path.stem for path in (root / "config").glob("*.yaml"))


def load(root: Path, environment: str) -> PlatformConfig:
    """The checked configuration of `environment`: config/<environment>.yaml and models/*/model.yaml below `root`.

    Raises:
        ConfigError: with every mistake in these files, each with its file, line, key and value.
    """
    file = f"config/{environment}.yaml"
    if environment not in environments(root):
        raise ConfigError([_unknown_environment(root, environment, file)])
    document, problems = source.read(root / file, file)
    models, found = _read_models(root)
    problems += found
    view = _EMPTY
    if document is not None:
        view = View(document, structure.check(EnvironmentConfig, document))
        problems += _check_environment(view, environment)
        problems += _check_listed(document, models)
    for model in models:
        problems += _check_model(model, view)
    if problems or document is None:
        raise ConfigError(problems)
    merged = [_merged(model, document).data for model in models if _listed(model, document)]
    return PlatformConfig(
        environment=EnvironmentConfig.model_validate(document.data),
        models=tuple(sorted(map(ModelConfig.model_validate, merged), key=lambda model: model.name)),
    )


def check(root: Path) -> None:
    """Checks every environment below `root` with its models. Raises ConfigError with every mistake."""
    known = environments(root)
    problems = [] if known else [Problem("config", 0, "", "", "there is no environment", "config/<environment>.yaml")]
    for environment in known:
        try:
            load(root, environment)
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(problems)


def _unknown_environment(root: Path, environment: str, file: str) -> Problem:
    known = environments(root)
    likely = difflib.get_close_matches(environment, known, n=1)
    message = "unknown environment: the file is missing" + (f"; did you mean {likely[0]}?" if likely else "")
    return Problem(file, 0, "environment", environment, message, ", ".join(known) or "none: config/ is empty")


def _read_models(root: Path) -> tuple[list[_ModelFile], list[Problem]]:
    models: list[_ModelFile] = []
    problems: list[Problem] = []
    for folder in sorted((root / "models").glob("[!_.]*/")):
        if folder.name == "schema":
            continue
        document, found = source.read(folder / "model.yaml", f"models/{folder.name}/model.yaml")
        problems += found
        if document is not None:
            models.append(_ModelFile(folder, document))
    return models, problems + list(_check_distinct(models))


def _check_distinct(models: Iterable[_ModelFile]) -> Iterator[Problem]:
    seen: dict[str, _ModelFile] = {}
    for model in models:
        name = model.document.value(("name",))
        if isinstance(name, str) and seen.setdefault(name, model) is not model:
            other = seen[name].folder.name
            yield model.document.problem(("name",), f"duplicate model name, also in models/{other}", model.name)


def _check_environment(view: View, environment: str) -> list[Problem]:
    def check_file_name(view: View) -> Iterator[Finding]:
        if view.value(str, "name") != environment:
            yield Finding((("name",),), f"the file is config/{environment}.yaml", environment)

    found = run((*_ENVIRONMENT_RULES, check_file_name), view)
    return [*view.problems, *(finding.problem(view.document) for finding in found)]


def _check_listed(document: Document, models: list[_ModelFile]) -> Iterator[Problem]:
    listed = document.value(("models",))
    known = tuple(model.name for model in models)
    for name, changes in listed.items() if isinstance(listed, dict) else ():
        if name not in known:
            likely = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {likely[0]}?" if likely else ""
            message = f"there is no readable models/{naming.python_name(name)}/model.yaml{hint}"
            yield document.problem(("models", name), message, ", ".join(known))
        for key in FIXED_KEYS:
            if isinstance(changes, dict) and key in changes:
                path = ("models", name, key)
                yield document.problem(path, "is the same in every environment", "a change in model.yaml")


def _listed(model: _ModelFile, document: Document) -> bool:
    return isinstance(document.value(("models", model.name)), dict)


def _merged(model: _ModelFile, document: Document) -> Document:
    return overrides.merge(model.document, document.under(("models", model.name)))


def _check_model(model: _ModelFile, environment: View) -> Iterator[Problem]:
    """The mistakes in the model's own file, and those that the environment's overrides make."""
    yield from _check_document(model.document, model.folder, environment)
    if _listed(model, environment.document):
        yield from _check_document(_merged(model, environment.document), model.folder, environment)


def _check_document(document: Document, folder: Path, environment: View) -> Iterator[Problem]:
    view = View(document, structure.check(ModelConfig, document))
    yield from view.problems
    scope = ModelScope(view, environment, folder)
    yield from (finding.problem(document) for finding in run(_MODEL_RULES, scope))
