"""The types of single values: what AWS takes, said once, checked on load and shown by editors."""

from __future__ import annotations

import difflib
import ipaddress
import math
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from infra.config import aws, cron

ALLOWED_KEY = "patternErrorMessage"
"""JSON schema keyword that says in words what is allowed; YAML editors show it when a pattern does not match."""


def refused(reason: str, allowed: str | None = None) -> PydanticCustomError:
    """The error of a value that has the right type and is refused all the same."""
    context = {"reason": reason} if allowed is None else {"reason": reason, "allowed": allowed}
    return PydanticCustomError("refused", "{reason}", context)


def _text(pattern: str, allowed: str, max_length: int | None = None) -> Any:
    return Field(pattern=pattern, max_length=max_length, json_schema_extra={ALLOWED_KEY: allowed})


def _among(values: Callable[[], tuple[str, ...]]) -> Any:
    return Field(json_schema_extra=lambda schema: schema.update(enum=list(values())))


def closest(value: str, values: tuple[str, ...], count: int = 3) -> str:
    """Words that name the values most like `value`, and how many there are."""
    likely = difflib.get_close_matches(value, values, n=count, cutoff=0.5)
    return f"one of {len(values)}, the closest: {', '.join(likely)}" if likely else f"one of {len(values)}"


def _check_region(value: str) -> str:
    if value not in aws.regions():
        raise refused("unknown region", closest(value, aws.regions()))
    return value


def _check_cidr(value: str) -> str:
    try:
        ipaddress.IPv4Network(value)
    except ValueError as error:
        if "has host bits set" in str(error):
            network = ipaddress.IPv4Network(value, strict=False)
            raise refused("has bits set behind the prefix length", str(network)) from error
        raise refused(f"is not an IPv4 CIDR block ({error})", "e.g. 10.0.0.0/16") from error
    if "/" not in value:
        raise refused("has no prefix length", f"e.g. {value}/16")
    return value


def _check_schedule(value: str) -> str:
    reason = cron.refusal(value)
    if reason is not None:
        raise refused(reason)
    return value


def _check_alarm_period(value: int) -> int:
    if value not in (10, 20, 30) and value % 60:
        raise refused("CloudWatch does not evaluate alarms at this period")
    return value


def _check_hyperparameter(value: Any) -> Any:
    if not isinstance(value, str | bool | int | float):
        raise refused(f"a hyperparameter cannot be {_kind(value)}", "text, a number, true or false")
    if isinstance(value, float) and not math.isfinite(value):
        raise refused("is not a finite number")
    if isinstance(value, str) and len(value) > 2500:
        raise refused(f"has {len(value)} characters", "at most 2500 characters")
    return value


def _kind(value: Any) -> str:
    names = {dict: "a mapping", list: "a list", type(None): "empty"}
    return names.get(type(value), f"a {type(value).__name__}")


def _check_instance_type(use: aws.Use) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value.startswith("ml.eia"):
            raise refused(
                "Elastic Inference is gone: AWS took no new customers from April 2023",
                "an instance type of its own, e.g. ml.m5.large, or ml.inf2.xlarge for accelerated inference",
            )
        known = aws.instance_types(use)
        if value not in known:
            raise refused(f"SageMaker has no such instance type for {use}", _nearest_types(value, known))
        return value

    return check


def _nearest_types(value: str, known: tuple[str, ...]) -> str:
    family = aws.family(value)
    sizes = [name for name in known if aws.family(name) == family]
    if sizes:
        return ", ".join(sizes)
    families = tuple(dict.fromkeys(aws.family(name) for name in known))
    return f"a family that it has: {', '.join(families)}"


_SCHEDULE = "rate(5 minutes) or cron(minutes hours day-of-month month day-of-week year), in UTC"
_CIDR = "an IPv4 CIDR block, e.g. 10.0.0.0/16"
_PERIOD = "10, 20, 30 or a multiple of 60 up to 86400"
_LABEL = "letters, digits, spaces and _ . : / = + - @"

AccountId = Annotated[str, _text(r"^[0-9]{12}$", 'an AWS account id: 12 digits in quotes, e.g. "012345678901"')]
Region = TypeAliasType("Region", Annotated[str, AfterValidator(_check_region), _among(aws.regions)])
# Short enough for every name that is composed of it alone: stacks and repositories (see rules/names.py for models).
EnvironmentName = Annotated[
    str, _text(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", "lower-case letters, digits and single hyphens", 20)
]
ModelName = Annotated[str, _text(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", "lower-case letters, digits and single hyphens", 63)]
ColumnName = Annotated[str, _text(r"^[a-zA-Z0-9]([-_]*[a-zA-Z0-9])*$", "letters, digits, and _ or - inside", 64)]
ScriptName = Annotated[str, _text(r"^[a-z_][a-z0-9_]*\.py$", "the file name of a Python script, e.g. prepare.py")]
Prefix = Annotated[
    str,
    _text(
        r"^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$",
        "an S3 prefix without slashes at its ends: letters, digits and _ . - /",
        512,
    ),
]
Label = Annotated[str, _text(r"^[A-Za-z0-9_ .:/=+@-]+$", _LABEL, 256)]
Sentence = Annotated[str, _text(r"^\S[^\n]*$", "one line", 1024)]
Email = Annotated[str, _text(r"^[^@\s,;<>]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$", "an address, e.g. team@example.com")]
ImageTag = Annotated[str, _text(r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$", "an image tag: letters, digits and _ . -", 128)]
Cidr = Annotated[str, AfterValidator(_check_cidr), Field(json_schema_extra={ALLOWED_KEY: _CIDR})]
Schedule = Annotated[str, AfterValidator(_check_schedule), Field(json_schema_extra={ALLOWED_KEY: _SCHEDULE})]
AlarmPeriod = Annotated[
    int, AfterValidator(_check_alarm_period), Field(ge=10, le=86400, json_schema_extra={ALLOWED_KEY: _PERIOD})
]
Hyperparameter = Annotated[str | int | float | bool, BeforeValidator(_check_hyperparameter)]
HostingInstanceType = TypeAliasType(
    "HostingInstanceType",
    Annotated[str, AfterValidator(_check_instance_type("hosting")), _among(lambda: aws.instance_types("hosting"))],
)
TrainingInstanceType = TypeAliasType(
    "TrainingInstanceType",
    Annotated[str, AfterValidator(_check_instance_type("training")), _among(lambda: aws.instance_types("training"))],
)
ProcessingInstanceType = TypeAliasType(
    "ProcessingInstanceType",
    Annotated[
        str, AfterValidator(_check_instance_type("processing")), _among(lambda: aws.instance_types("processing"))
    ],
)

Percent = Annotated[int, Field(ge=1, le=100)]
Positive = Annotated[int, Field(ge=1)]
Days = Annotated[int, Field(ge=1, le=36500)]
VolumeGib = Annotated[int, Field(ge=1, le=16384)]
# Source: CloudWatch Logs API reference, PutRetentionPolicy.
LogRetentionDays = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
]
