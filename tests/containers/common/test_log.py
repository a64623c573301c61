from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
from contract import log


@pytest.fixture(autouse=True)
def root_logger() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def _lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_record_is_one_json_line_with_its_extra_keys(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAINING_JOB_NAME", "job-1")
    log.configure()
    logging.getLogger("mine").info("read %d rows", 3, extra={"rows": 3})
    (line,) = _lines(capsys)
    assert line["message"] == "read 3 rows"
    assert (line["level"], line["logger"], line["rows"], line["job"]) == ("INFO", "mine", 3, "job-1")


def test_an_exception_is_logged_with_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure()
    try:
        raise KeyError("lost")
    except KeyError:
        logging.getLogger("mine").exception("failed")
    (line,) = _lines(capsys)
    assert "KeyError: 'lost'" in str(line["exception"])


def test_records_below_the_level_are_left_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOG_LEVEL", "warning")
    log.configure()
    logging.getLogger("mine").info("quiet")
    assert _lines(capsys) == []


def test_an_unknown_level_is_refused_with_the_allowed_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "LOUD")
    with pytest.raises(ValueError, match=r"LOG_LEVEL='LOUD' is not a log level; allowed: .*INFO"):
        log.configure()
