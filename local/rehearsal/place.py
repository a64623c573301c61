"""Where a rehearsal happens: folders, port, and the environment of what runs there."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = "local"
SECRET = "test"  # noqa: S105 - the emulator's fixed word, not a secret


@dataclass(frozen=True)
class Place:
    """One rehearsal's own port, state folder and output folder; two of them run side by side."""

    port: int = 4566
    state: Path = ROOT / ".local"
    out: Path = ROOT / "out"
    account: str = "000000000000"
    region: str = "us-east-1"

    @property
    def endpoint_url(self) -> str:
        """Where the local cloud listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def report_port(self) -> int:
        """Where the report page is served."""
        return self.port + 1

    @property
    def cloud_assembly(self) -> Path:
        """Where `cdk` puts the synthesized templates."""
        return self.state / "cdk.out"

    def environment_variables(self) -> dict[str, str]:
        """The environment of the CDK CLI: nothing of the caller's AWS settings reaches it, nor it the network."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
        return {
            **kept,
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": self.account,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "CDK_HOME": str(self.state / "cdk-home"),
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            "PATH": f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}",
        }

    def client(self, service: str) -> Any:
        """A boto3 client of the local cloud, acting as the account's root."""
        return boto3.session.Session().client(
            service,
            region_name=self.region,
            endpoint_url=self.endpoint_url,
            aws_access_key_id=self.account,
            aws_secret_access_key=SECRET,
            config=Config(retries={"max_attempts": 1}, max_pool_connections=16, read_timeout=120),
        )
