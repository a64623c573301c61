"""Container images: from an image URI to the folder of this repository that the image is built from."""

from __future__ import annotations

import json
import os
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

SEARCH_PATH_VARIABLE = "SAGESTEAD_CONTAINERS"
REPOSITORY_ROOT = Path(__file__).resolve().parents[3]
# What a Dockerfile sets for its own file system means nothing to a process on this machine.
_OWN_TO_THE_IMAGE = {"PATH", "PYTHONPATH", "HOME", "LD_LIBRARY_PATH", "VIRTUAL_ENV"}


class ImageNotFoundError(Exception):
    """No container folder belongs to that image URI."""


@dataclass(frozen=True)
class Image:
    """What a Dockerfile says about starting its image."""

    name: str
    folder: Path
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def python_path(self) -> str:
        """The import path inside the image: its own folder, then what the images share."""
        return os.pathsep.join([str(self.folder), str(self.folder.parent / "common")])


def search_path() -> list[Path]:
    """Folders that hold one folder per image: `SAGESTEAD_CONTAINERS`, or this repository's `containers`."""
    given = os.environ.get(SEARCH_PATH_VARIABLE)
    return [Path(part) for part in given.split(os.pathsep)] if given else [REPOSITORY_ROOT / "containers"]


def find(uri: str) -> Image:
    """The image of a URI such as `<account>.dkr.ecr.<region>.amazonaws.com/sagestead-local/trainer:local`.

    Raises:
        ImageNotFoundError: if no folder on the search path is named like the repository's last path element.
    """
    repository = re.sub(r"(@sha256:[0-9a-f]+|:[\w.-]+)$", "", uri)
    name = repository.rpartition("/")[2]
    for root in search_path():
        dockerfile = root / name / "Dockerfile"
        if name and dockerfile.is_file():
            return parse(name, dockerfile)
    looked = ", ".join(str(root / (name or "?") / "Dockerfile") for root in search_path())
    raise ImageNotFoundError(f"the local cloud has no image {uri} (looked for {looked})")


def parse(name: str, dockerfile: Path) -> Image:
    """Read ENTRYPOINT, CMD and ENV of a Dockerfile's last stage."""
    entrypoint: list[str] = []
    command: list[str] = []
    environment: dict[str, str] = {}
    for keyword, rest in _instructions(dockerfile.read_text(encoding="utf-8")):
        if keyword == "FROM":
            entrypoint, command, environment = [], [], {}
        elif keyword == "ENTRYPOINT":
            entrypoint = _words(rest)
        elif keyword == "CMD":
            command = _words(rest)
        elif keyword == "ENV":
            environment.update(_assignments(rest, environment))
    kept = {key: value for key, value in environment.items() if key not in _OWN_TO_THE_IMAGE}
    return Image(name, dockerfile.parent, entrypoint, command, kept)


def _instructions(text: str) -> list[tuple[str, str]]:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\s*\n", " ", "\n".join(lines))
    found = [line.strip().partition(" ") for line in joined.splitlines() if line.strip()]
    return [(keyword.upper(), rest.strip()) for keyword, _, rest in found]


def _words(value: str) -> list[str]:
    """The exec form is a JSON list; anything else is the shell form."""
    if value.startswith("["):
        return [str(word) for word in json.loads(value)]
    return ["/bin/sh", "-c", value]


def _assignments(value: str, known: dict[str, str]) -> dict[str, str]:
    words = shlex.split(value)
    if "=" not in words[0]:  # the legacy form: ENV key all the rest
        pairs = [(words[0], value.partition(" ")[2].strip())]
    else:
        pairs = [(key, text) for key, _, text in (word.partition("=") for word in words)]
    return {key: Template(text).safe_substitute(known) for key, text in pairs}
