"""Stand-ins for CDK tokens."""

from __future__ import annotations

from infra.pipeline.placeholders import Placeholders


def test_every_value_comes_back_in_its_place() -> None:
    placeholders = Placeholders()
    text = f"{placeholders.hide('${Token[A]}')} and {placeholders.hide_uri('s3://${Token[B]}/x')}"
    assert "Token" not in text
    assert placeholders.reveal(text) == "${Token[A]} and s3://${Token[B]}/x"


def test_the_same_value_has_one_stand_in() -> None:
    placeholders = Placeholders()
    assert placeholders.hide("a") == placeholders.hide("a") != placeholders.hide("b")


def test_stand_ins_are_counted_so_that_the_same_inputs_give_the_same_text() -> None:
    assert Placeholders().hide("a") == Placeholders().hide("anything else")


def test_a_shape_is_kept_for_readers_that_insist_on_one() -> None:
    placeholders = Placeholders()
    stand_in = placeholders.hide("${Token[ROLE]}", "arn:aws:iam::000000000000:role/{}")
    assert stand_in.startswith("arn:aws:iam::000000000000:role/")
    assert placeholders.reveal(stand_in) == "${Token[ROLE]}"
