from __future__ import annotations

import pytest

from infra.config import source, structure
from infra.config.environment import EnvironmentConfig, LogsConfig
from infra.config.view import UnreadableError, View

TEXT = "region: eu-central-1\nlogs: {level: INFO, retention_days: 30, typo: 1}\nfeatures: {online_store: 3}\n"


@pytest.fixture
def view() -> View:
    document, problems = source.parse(TEXT, "config/dev.yaml")
    assert document is not None
    assert problems == []
    return View(document, structure.check(EnvironmentConfig, document))


def test_a_good_part_is_read_as_its_class_without_unknown_keys(view: View) -> None:
    assert view.section(LogsConfig, "logs") == LogsConfig(level="INFO", retention_days=30)


def test_a_good_value_is_read(view: View) -> None:
    assert view.value(str, "region") == "eu-central-1"


@pytest.mark.parametrize(
    "path", [("features",), ("features", "online_store"), ("network",), ("region", "x"), ("logs", "x")]
)
def test_a_missing_or_refused_part_is_not_read(view: View, path: tuple[str, ...]) -> None:
    with pytest.raises(UnreadableError):
        view.value(object, *path)


def test_a_value_of_another_type_is_not_read(view: View) -> None:
    with pytest.raises(UnreadableError):
        view.value(int, "region")
