"""The directory that holds the Lambda functions' code: ours and its pinned pure-Python dependencies.

boto3 is not in it, the Lambda runtime brings it. Nothing is downloaded: the dependencies are copied from the
environment that runs the synthesis, where the lock file has put them.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

DISTRIBUTIONS = ("aws_lambda_powertools", "jmespath", "typing_extensions")
# Of a distribution's metadata only what its licence asks for and what importlib.metadata needs to tell its
# version; the rest (installer, hashes of compiled files) differs from machine to machine.
METADATA_NAMES = ("METADATA", "LICENSE", "LICENSE.txt", "LICENSE.md", "NOTICE")
KEEP_BUILDS = 3


def build_lambda_asset(root: Path, out: Path) -> Path:
    """Return the directory under `out` that holds the code of the functions in `root`/lambdas, built if need be.

    The directory's name is the hash of what it holds. A directory that exists is complete and is never
    written again, so several syntheses can run side by side; the content depends on the commit and the lock file alone.

    Raises:
        FileNotFoundError: `root` has no folder lambdas with Python files.
        importlib.metadata.PackageNotFoundError: a dependency is not installed.
        ValueError: a dependency holds compiled code, which would tie the functions to this machine.
    """
    files = dict(sorted((*own_files(root), *dependency_files())))
    target = out / fingerprint(root, files)
    if target.is_dir():
        return target
    out.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(dir=out, prefix=".staging-"))
    try:
        for name, source in files.items():
            copy = staging / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
        staging.chmod(0o755)
        move_into_place(staging, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    prune(out)
    return target


def own_files(root: Path) -> Iterator[tuple[str, Path]]:
    """Yield each Python file of the functions: its path in the asset and on disk."""
    sources = sorted((root / "lambdas").rglob("*.py"))
    if not sources:
        raise FileNotFoundError(f"{root / 'lambdas'} holds no Python file")
    return ((source.relative_to(root).as_posix(), source) for source in sources)


def dependency_files() -> Iterator[tuple[str, Path]]:
    """Yield each file of the dependencies that belongs into the asset: its path there and on disk."""
    for name in DISTRIBUTIONS:
        for file in metadata.distribution(name).files or ():
            if ".." in file.parts or "__pycache__" in file.parts:
                continue
            if file.suffix in {".so", ".pyd", ".dylib"}:
                raise ValueError(f"the Lambda dependency {name} holds compiled code: {file}")
            if file.parts[0].endswith(".dist-info") and file.name not in METADATA_NAMES:
                continue
            yield file.as_posix(), Path(str(file.locate()))


def fingerprint(root: Path, files: dict[str, Path]) -> str:
    """Return a hash of what the asset holds: our files by content, the pinned dependencies by version."""
    digest = hashlib.sha256()
    for name in DISTRIBUTIONS:
        digest.update(f"{name}=={metadata.version(name)}\n".encode())
    for name, source in files.items():
        digest.update(f"{name}\n".encode())
        if source.is_relative_to(root / "lambdas"):
            digest.update(hashlib.sha256(source.read_bytes()).digest())
    return digest.hexdigest()[:16]


def move_into_place(staging: Path, target: Path) -> None:
    """Rename a finished directory, unless another process was faster: what it built is the same."""
    try:
        staging.rename(target)
    except OSError:
        if not target.is_dir():
            raise


def prune(out: Path) -> None:
    """Remove all but the youngest builds, and not only the present one: another synthesis may be reading it."""
    builds = sorted(
        (path for path in out.iterdir() if path.is_dir() and not path.name.startswith(".")),
        key=lambda path: path.stat().st_mtime,
        reverse=True,
    )
    for build in builds[KEEP_BUILDS:]:
        shutil.rmtree(build, ignore_errors=True)
