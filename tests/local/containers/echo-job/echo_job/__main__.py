"""`python -m echo_job train | serve | <processing command>`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from echo_job import server

BASE = Path(os.environ["SAGEMAKER_BASE_DIR"])


def train() -> None:
    """Do what the hyperparameters say; the model is what was seen."""
    config = {path.stem: json.loads(path.read_text()) for path in (BASE / "input/config").glob("*.json")}
    parameters = config["hyperparameters"]
    if "sleep" in parameters:
        print("sleeping", flush=True)
        time.sleep(float(parameters["sleep"]))
    for value in parameters.get("aucs", "").split():
        print(f"validation-auc={value}", flush=True)
    if "fail" in parameters:
        if parameters["fail"]:
            (BASE / "output/failure").write_text(parameters["fail"])
        sys.exit(1)
    seen = {
        "config": config,
        "files": files(BASE / "input/data"),
        "environment": dict(os.environ),
        "cwd": str(Path.cwd()),
    }
    (BASE / "model/seen.json").write_text(json.dumps(seen))
    if "extra" in parameters:
        (BASE / "output/data/extra.txt").write_text(parameters["extra"])


def files(folder: Path) -> dict[str, str]:
    """Every file under a folder, by its relative name."""
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


def process(command: str, arguments: list[str]) -> None:
    """One of a few small things to do."""
    processing = BASE / "processing"
    if command == "report":
        config = {path.stem: json.loads(path.read_text()) for path in (BASE / "config").glob("*.json")}
        document = {"argv": sys.argv, "config": config, "environment": dict(os.environ)}
        document["files"] = files(processing / "input") if (processing / "input").is_dir() else {}
        write(processing / "output" / "report.json", json.dumps(document))
    elif command == "write":  # write <path> <text>
        write(Path(arguments[0]), arguments[1])
    elif command == "copy":
        for name, text in files(processing / "input").items():
            write(processing / "output" / Path(name).name, text.upper())
    elif command == "fail":
        write(BASE / "output/message", arguments[0])
        sys.exit(int(arguments[1]))
    elif command == "sleep":
        write(processing / "output" / "partial.txt", "so far")
        subprocess.Popen(["sleep", arguments[0]])  # a child that must not outlive the job
        time.sleep(float(arguments[0]))
    elif command == "leave":  # a child that would go on after its parent
        subprocess.Popen(["sleep", arguments[0]])
    else:
        sys.exit(f"unknown command {command}")


def write(file: Path, text: str) -> None:
    """Write a file and the folders above it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


print("echo-job:", *sys.argv[1:], flush=True)
if sys.argv[1] == "train":
    train()
elif sys.argv[1] == "serve":
    server.serve(BASE / "model")
else:
    process(sys.argv[1], sys.argv[2:])
