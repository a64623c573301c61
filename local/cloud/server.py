"""The local cloud's process: the emulator with our services in its tables, on loopback only."""

from __future__ import annotations

import argparse
import atexit
import os
import signal
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Serve until told to stop. Settings must stand in the environment before the emulator is imported."""
    parser = argparse.ArgumentParser(prog="python -m local.cloud", description=__doc__)
    parser.add_argument("--port", type=int, default=4566, help="TCP port on 127.0.0.1")
    parser.add_argument("--state", type=Path, required=True, help="folder for the cloud's private state and jobs")
    parser.add_argument("--region", default="us-east-1", help="the AWS region that it plays")
    options = parser.parse_args()
    configure(options.port, options.state.resolve(), options.region)

    from local.cloud import services
    from local.cloud.kernel.store import store

    saved = options.state.resolve() / "sagemaker.pickle"
    store.load(saved)
    services.install()
    atexit.register(store.save, saved)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

    from ministack import app

    sys.argv = sys.argv[:1]  # the emulator parses the command line again
    app.main()


def configure(port: int, state: Path, region: str) -> None:
    """Set the emulator's environment: loopback, this port, this state folder, nothing that a laptop would miss."""
    state.mkdir(parents=True, exist_ok=True)
    (state / "tmp").mkdir(exist_ok=True)
    os.environ.update(
        {
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "MINISTACK_REGION": region,
            "MINISTACK_HOST": "127.0.0.1",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "PERSIST_STATE": "1",
            "S3_PERSIST": "1",
            "STATE_DIR": str(state / "emulator"),
            "S3_DATA_DIR": str(state / "s3"),
            "TMPDIR": str(state / "tmp"),
            "SAGESTEAD_STATE": str(state),
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_DEFAULT_REGION": region,
            "AWS_REGION": region,
            "AWS_EC2_METADATA_DISABLED": "true",
            # The JavaScript SDK that AWS's Node.js runtime has built in, for the CDK's own custom resources.
            "NODE_PATH": str(ROOT / "node_modules"),
        }
    )
