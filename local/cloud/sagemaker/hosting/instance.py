"""An instance of an endpoint: one serving process with its model, its port, its connections and its log."""

from __future__ import annotations

import http.client
import os
import secrets
import shutil
import socket
import threading
import time
from pathlib import Path

from botocore.exceptions import ClientError

from local.cloud.kernel import clients
from local.cloud.sagemaker import images, s3io
from local.cloud.sagemaker.container import Container
from local.cloud.sagemaker.hosting import credentials
from local.cloud.sagemaker.hosting.connections import Connections
from local.cloud.sagemaker.hosting.plan import ServingSpec
from local.cloud.sagemaker.job_logs import LogShipper
from local.cloud.sagemaker.roles import Role

LOG_GROUP = "/aws/sagemaker/Endpoints"
KEPT_LINES = 20
STOP_GRACE_SECONDS = 3.0
_given_ports: set[int] = set()
_ports_lock = threading.Lock()


class InstanceError(Exception):
    """The instance did not come up; the message is what DescribeEndpoint shows as the reason."""


class Instance:
    """One serving process under the `/opt/ml` contract, as the image's entrypoint with the argument `serve`."""

    def __init__(self, endpoint: str, variant: str, spec: ServingSpec) -> None:
        """Nothing runs until `start`."""
        self.id = f"i-{secrets.token_hex(9)[:17]}"
        self.endpoint, self.variant, self.spec = endpoint, variant, spec
        self.folder = Path(os.environ["SAGESTEAD_STATE"]) / "endpoints" / endpoint / self.id
        self.healthy = False
        self.retired = False
        self.restarts = 0
        self.in_flight = 0  # guarded by the lock of the route that hands the instance out
        self.port = 0
        self.container: Container | None = None
        self.connections = Connections(0)
        self._shipper: LogShipper | None = None
        self._log_lock = threading.Lock()

    def start(self) -> None:
        """Fetch the model, start the process, wait until `/ping` answers 200.

        Raises:
            InstanceError: with the reason, and the last log lines where there are any.
        """
        try:
            image = images.find(self.spec["image"])
            role = credentials.of(self.spec["role_arn"])
            base = self.folder / "ml"
            self._fetch_model(role, base / "model")
            self._launch(image, role, base)
        except (images.ImageNotFoundError, s3io.TransferError, ClientError, OSError) as error:
            self._end()
            message = f"The container for production variant {self.variant} failed to start: {error}"
            raise InstanceError(message) from error
        self._wait_until_ready()

    def restart(self) -> None:
        """Start again after a crash, with fresh credentials.

        Raises:
            InstanceError: as `start`.
        """
        self.healthy = False
        self.connections.close()
        self.start()

    def stop(self) -> None:
        """End it for good."""
        self.retired = True
        self._end()

    def _end(self) -> None:
        """End the process, send the rest of its log, remove its files."""
        self.healthy = False
        if self.container:
            self.container.stop(STOP_GRACE_SECONDS)
        self.connections.close()
        self.ship_logs(last=True)
        self._shipper = None
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def exited(self) -> bool:
        """Whether the process ended by itself."""
        return self.container is not None and self.container.process.poll() is not None

    def ship_logs(self, *, last: bool = False) -> None:
        """Send new log lines to CloudWatch Logs; only the newest are kept here, for failure reasons."""
        with self._log_lock:
            if self._shipper:
                self._shipper.ship(last=last)
                del self._shipper.lines[:-KEPT_LINES]

    def _fetch_model(self, role: Role, folder: Path) -> None:
        if folder.exists():
            return
        folder.mkdir(parents=True)
        if self.spec["model_data_url"]:
            archive = self.folder / "model.tar.gz"
            s3io.fetch(role.client("s3"), self.spec["model_data_url"], archive)
            s3io.unpack(archive, folder)
            archive.unlink()

    def _launch(self, image: images.Image, role: Role, base: Path) -> None:
        self.port = _free_port()
        self.connections = Connections(self.port)
        log = self.folder / "container.log"
        if self._shipper is None:
            stream = f"{self.variant}/{self.id}"
            self._shipper = LogShipper(clients.client("logs"), f"{LOG_GROUP}/{self.endpoint}", stream, log)
        environment = {
            **self.spec["environment"],
            **role.environment,
            "SAGEMAKER_BIND_TO_PORT": str(self.port),
            "SAGEMAKER_BIND_HOST": "127.0.0.1",
        }
        self.container = Container(image, ["serve"], base_dir=base, log=log, environment=environment)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + self.spec["startup_timeout_seconds"]
        while time.monotonic() < deadline:
            if self.exited or self.retired:
                raise self._failed("exited before it passed the ping health check")
            if self._ping():
                self.healthy = True
                self.ship_logs()
                return
            time.sleep(0.05)
        raise self._failed("did not pass the ping health check")

    def _ping(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/ping")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _failed(self, how: str) -> InstanceError:
        self.ship_logs(last=True)
        lines = [text for _, text in self._shipper.lines] if self._shipper else []
        self._end()
        shown = f" Last log lines: {' | '.join(lines[-KEPT_LINES:])}" if lines else ""
        return InstanceError(
            f"The primary container for production variant {self.variant} {how}. Please check CloudWatch logs for "
            f"this endpoint.{shown}"
        )


def _free_port() -> int:
    """A TCP port of 127.0.0.1 that was not handed out before: processes started together must not meet."""
    with _ports_lock:
        while True:
            with socket.socket() as sock:
                sock.bind(("127.0.0.1", 0))
                port = int(sock.getsockname()[1])
            if port not in _given_ports:
                _given_ports.add(port)
                return port
