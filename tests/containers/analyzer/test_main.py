"""The command line: what is wrong is said where SageMaker reads it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from analyzer import __main__, baseline, monitor


@pytest.mark.parametrize(("command", "module"), [("baseline", baseline), ("monitor", monitor)])
def test_a_command_gets_the_environment(monkeypatch: pytest.MonkeyPatch, command: str, module: object) -> None:
    calls: list[object] = []
    monkeypatch.setattr(module, "run", calls.append)
    monkeypatch.setattr("sys.argv", ["analyzer", command])
    __main__.main()
    assert calls == [os.environ]


def test_an_unknown_command_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["analyzer", "explain"])
    with pytest.raises(SystemExit):
        __main__.main()
    assert "invalid choice: 'explain'" in capsys.readouterr().err


def test_the_image_holds_the_package_and_the_contract() -> None:
    text = (Path(__file__).parents[3] / "containers/analyzer/Dockerfile").read_text()
    assert 'ENTRYPOINT ["python", "-m", "analyzer"]' in text
    assert "COPY common/contract" in text
