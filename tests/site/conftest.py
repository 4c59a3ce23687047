"""An S3-compatible server on the loopback address, for every test that publishes to a bucket."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import boto3
import pytest
from moto.server import ThreadedMotoServer

from plugins.publish.bucket import Bucket

ACCESS = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "demo-key",
    "AWS_SECRET_ACCESS_KEY": "demo-secret",
}
"""The environment of a publisher, but for the address of the server."""


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """The address of the server."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(origin: str, request: pytest.FixtureRequest) -> Iterator[Bucket]:
    """An empty bucket of the test's own."""
    client = boto3.client(
        "s3",
        endpoint_url=origin,
        region_name=ACCESS["AWS_DEFAULT_REGION"],
        aws_access_key_id=ACCESS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=ACCESS["AWS_SECRET_ACCESS_KEY"],
    )
    name = "b" + hashlib.sha256(request.node.name.encode()).hexdigest()[:12]
    client.create_bucket(Bucket=name)
    yield Bucket(client, name, "site/")
    client.close()
