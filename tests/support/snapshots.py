"""The templates as a reviewer reads them: whole, with asset hashes replaced and embedded JSON unfolded.

`python -m tests.support.snapshots --update` rewrites tests/snapshots/.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

from tests.support.synthesis import ENVIRONMENTS, REPOSITORY, Template, synthesized

FOLDER = REPOSITORY / "tests" / "snapshots"
STATEFUL_FILE = FOLDER / "stateful_ids.json"
# Replacing one of these loses data, or a name or address that others know.
STATEFUL_TYPES = frozenset(
    {
        "AWS::EC2::VPC",
        "AWS::ECR::Repository",
        "AWS::KMS::Key",
        "AWS::Logs::LogGroup",
        "AWS::S3::Bucket",
        "AWS::SageMaker::FeatureGroup",
        "AWS::SageMaker::ModelPackageGroup",
        "AWS::SNS::Topic",
        "AWS::SQS::Queue",
    }
)
_HASH = re.compile(r"[0-9a-f]{64}")


def snapshot(template: Template) -> str:
    """The text of a template's snapshot."""
    return json.dumps(readable(template), indent=2) + "\n"


def expected_files() -> dict[Path, str]:
    """Every snapshot file and the text it must have."""
    texts = {
        FOLDER / environment / f"{stack}.json": snapshot(template)
        for environment in ENVIRONMENTS
        for stack, template in synthesized(environment).templates.items()
    }
    texts[STATEFUL_FILE] = json.dumps(stateful_ids(), indent=2) + "\n"
    return texts


def stateful_ids() -> dict[str, dict[str, dict[str, str]]]:
    """The logical ids of resources that hold data: environment -> stack -> id -> type."""
    return {
        environment: {
            stack: ids for stack, template in synthesized(environment).templates.items() if (ids := _stateful(template))
        }
        for environment in ENVIRONMENTS
    }


def _stateful(template: Template) -> dict[str, str]:
    resources = template["Resources"].items()
    return {name: each["Type"] for name, each in sorted(resources) if each["Type"] in STATEFUL_TYPES}


def readable(value: Any) -> Any:
    """A template, or part of one, as snapshots show it."""
    unfolded = _unfolded(value)
    if unfolded is not None:
        return {"<JSON text>": readable(unfolded)}
    if isinstance(value, dict):
        return {key: readable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [readable(each) for each in value]
    return _HASH.sub("<asset hash>", value) if isinstance(value, str) else value


def _unfolded(value: Any) -> Any:
    """The object that a string or a join of strings and references holds as JSON text, or None."""
    if isinstance(value, dict) and set(value) == {"Fn::Join"} and value["Fn::Join"][0] == "":
        parts = value["Fn::Join"][1]
        text = "".join(part if isinstance(part, str) else _placeholder(part) for part in parts)
    else:
        text = value
    if not isinstance(text, str) or not text.startswith("{"):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def _placeholder(reference: Any) -> str:
    """A reference as text that may stand inside of a JSON string."""
    return "${" + json.dumps(reference).replace("\\", "\\\\").replace('"', "'") + "}"


def update() -> int:
    """Writes what changed, deletes what is no longer synthesized, and says so; returns the number of changes."""
    texts = expected_files()
    changed = [path for path, text in texts.items() if not path.exists() or path.read_text("utf-8") != text]
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(texts[path], "utf-8")
    gone = [path for path in FOLDER.rglob("*.json") if path not in texts]
    for path in gone:
        path.unlink()
    for path in [*changed, *gone]:
        sys.stdout.write(f"{'deleted' if path in gone else 'written'}: {path.relative_to(REPOSITORY)}\n")
    return len(changed) + len(gone)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true", required=True, help="rewrite the snapshots")
    parser.parse_args()
    update()
