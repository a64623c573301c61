"""The image starts the server that SageMaker asks for."""

from __future__ import annotations

from pathlib import Path


def test_the_image_serves_without_root_rights() -> None:
    text = (Path(__file__).parents[3] / "containers/inference/Dockerfile").read_text()
    assert 'ENTRYPOINT ["python", "-m", "inference"]' in text
    assert "USER 10001" in text
    assert "COPY common/contract" in text
