"""Two publishers at once: one wins, the other says so, and nothing is mixed."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from plugins.publish.bucket import Bucket, upload
from plugins.publish.manifest import read_manifest
from plugins.publish.releases import PublishFailed, differences, release_ids
from tests.conftest import PROJECT
from tests.site.test_publish_bucket import dead_links, site_of

NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)


def test_one_of_two_publishers_to_a_disk_wins(small: Path, tmp_path: Path) -> None:
    target = tmp_path / "www"
    words = [sys.executable, "-m", "plugins.publish", "publish", "--to", str(target)]
    environment = {
        **os.environ, "SITE_URL": "https://zhaosheng.example", "SOURCE_DATE_EPOCH": "1780272000"
    }  # fmt: skip
    both = [
        subprocess.Popen(
            [*words, "--content", str(small)], cwd=PROJECT, env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        for _ in range(2)
    ]  # fmt: skip
    said = [publisher.communicate()[0] for publisher in both]
    ended = {publisher.returncode: text for publisher, text in zip(both, said, strict=True)}
    assert set(ended) == {0, 1}, said
    assert "发布完成。" in ended[0]
    assert "另一个发布或回滚正在写" in ended[1]
    assert len(release_ids(target)) == 1
    assert differences(target / "current", read_manifest(target / "current")) == []


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    client = boto3.client(
        "s3", endpoint_url=f"http://{host}:{port}", region_name="us-east-1",
        aws_access_key_id="demo", aws_secret_access_key="demo-secret",  # noqa: S106
    )  # fmt: skip
    client.create_bucket(Bucket="two")
    yield Bucket(client, "two", "site/")
    client.close()
    server.stop()


def test_one_of_two_publishers_to_a_bucket_wins(bucket: Bucket, tmp_path: Path) -> None:
    begun, told = threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        assert told.wait(60)

    one, two = site_of(tmp_path / "one", 1), site_of(tmp_path / "two", 2)
    first = threading.Thread(target=upload, args=(bucket, *one, NOW), kwargs={"advance": hold})
    first.start()
    assert begun.wait(60)
    try:
        with pytest.raises(PublishFailed, match="另一个发布正在写"):
            upload(bucket, *two, NOW)
    finally:
        told.set()
        first.join()
    assert dead_links(bucket) == []
    assert upload(bucket, *two, NOW).sent == 4
