"""No setting is dead: each one, set to another value, changes the template of the stack that it is meant for."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest
from aws_cdk import Stage

from infra.config.base import Config
from infra.config.loader import PlatformConfig, load
from stacks.foundation_stack import FoundationStack
from stacks.registry_stack import RegistryStack
from tests.stacks.knobs import CLASSES, ENVIRONMENT, MODEL, ONE_VALUE, TURNED_APART, Knob, has_one_value, leaves, turned
from tests.support.configs import mutated
from tests.support.snapshots import readable
from tests.support.synthesis import REPOSITORY, Synthesized, new_app, synthesize, synthesized

# These take away what other knobs show themselves in, so they are turned in a platform of their own.
APART = ("features.online_store", "retraining.on_drift")


def text_of(synth: Synthesized, stack: str) -> str:
    """What a stack is deployed from: its template with embedded JSON unfolded, and its settings."""
    return json.dumps([readable(synth.templates[stack]), synth.settings[stack]])


def turned_platform(environment: list[Knob], model: list[Knob]) -> PlatformConfig:
    platform = load(REPOSITORY, "dev")
    config, (first,) = platform.environment, platform.models
    for knob in environment:
        config = turned(config, knob.path, knob.value)
    for knob in model:
        first = turned(first, knob.path, knob.value)
    return platform.model_copy(update={"environment": config, "models": (first,)})


@cache
def with_most_turned() -> Synthesized:
    return synthesize(
        turned_platform(*([knob for knob in knobs if knob.path not in APART] for knobs in (ENVIRONMENT, MODEL)))
    )


@cache
def with_the_rest_turned() -> Synthesized:
    return synthesize(
        turned_platform(*([knob for knob in knobs if knob.path in APART] for knobs in (ENVIRONMENT, MODEL)))
    )


@pytest.mark.parametrize("knob", ENVIRONMENT + MODEL, ids=lambda knob: knob.path)
def test_a_setting_changes_the_template_of_its_stack(knob: Knob) -> None:
    before = text_of(synthesized("dev"), knob.stack)
    after = text_of(with_the_rest_turned() if knob.path in APART else with_most_turned(), knob.stack)

    if knob.path == "pipeline.prepare.script":
        # Its only trace in a template is the asset's hash, which the readable form hides.
        assert code_hashes(synthesized("dev")) != code_hashes(with_most_turned())
    elif knob.gone:
        assert knob.text in before
        assert knob.text not in after
    else:
        assert knob.text not in before
        assert knob.text in after


def code_hashes(synth: Synthesized) -> set[str]:
    return set(re.findall(r"[0-9a-f]{64}\.py", json.dumps(synth.templates["flight-delay-pipeline"])))


def test_what_an_environment_lays_over_a_model_changes_the_models_template(tmp_path: Path) -> None:
    mutated(tmp_path, "config/dev.yaml", "models.flight-delay.serving.autoscaling.max_instances", 7)

    after = synthesize(load(tmp_path, "dev"))

    assert '"MaxCapacity": 7' not in text_of(synthesized("dev"), "flight-delay-serving")
    assert '"MaxCapacity": 7' in text_of(after, "flight-delay-serving")


def test_a_models_name_is_that_of_its_resources() -> None:
    platform = load(REPOSITORY, "dev")
    renamed = turned(platform.models[0], "name", "knob")
    app = new_app()
    stage = Stage(app, "test")
    foundation = FoundationStack(stage, "Foundation", config=platform.environment)
    RegistryStack(stage, "Registry", config=platform.environment, models=[renamed], foundation=foundation)

    template = app.synth().get_nested_assembly("assembly-test").get_stack_by_name("sagestead-dev-registry").template

    assert '"ModelPackageGroupName": "sagestead-dev-knob"' in json.dumps(template)


@pytest.mark.parametrize("config", CLASSES, ids=lambda config: config.__name__)
def test_every_setting_has_a_knob(config: type[Config]) -> None:
    settings = dict(leaves(config))

    assert {knob.path for knob in CLASSES[config]} == set(settings) - ONE_VALUE - TURNED_APART[config.__name__]


@pytest.mark.parametrize("config", CLASSES, ids=lambda config: config.__name__)
def test_a_setting_without_a_knob_has_one_value_only(config: type[Config]) -> None:
    for path, annotation in leaves(config):
        if path in ONE_VALUE:
            assert has_one_value(annotation), path
