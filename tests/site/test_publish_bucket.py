"""Publishing to a bucket, against an S3-compatible server on the loopback address."""

from __future__ import annotations

import datetime as dt
import gzip
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from plugins.addresses import file_of
from plugins.publish.bucket import GRACE, LOCK_TIME, Bucket, upload
from plugins.publish.manifest import Manifest, files_of, make_manifest
from plugins.publish.page_facts import page_facts
from plugins.publish.releases import PublishFailed
from tests.site.conftest import ACCESS

PROJECT = Path(__file__).resolve().parents[2]
NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)


class Crash(BaseException):
    """The machine stops."""


def site_of(folder: Path, number: int) -> tuple[Path, Manifest]:
    """A site of three pages whose assets and third page change with `number`."""
    asset = f"assets/{number:012x}/site.css"
    head = f'<link rel="stylesheet" href="/{asset}">'
    links = f'<a href="/about/">关于</a><a href="/page-{number}/">新</a>'
    texts = {
        asset: "演示数据" * number,
        "index.html": head + links,
        "about/index.html": head + '<a href="/">首页</a>',
        f"page-{number}/index.html": head + "演示数据",
        "data/unchanged.json": "{}",
    }
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder, make_manifest(files_of(folder), release=str(number), created="", commit="")


def get(bucket: Bucket, name: str) -> Any:
    return bucket.client.get_object(Bucket=bucket.name, Key=bucket.prefix + name)


def names(bucket: Bucket) -> set[str]:
    listed = bucket.client.list_objects_v2(Bucket=bucket.name).get("Contents", ())
    return {entry["Key"].removeprefix(bucket.prefix) for entry in listed}


def dead_links(bucket: Bucket) -> list[str]:
    """Walk from the home page, if there is one, and follow every link."""
    present, asked, dead = names(bucket), ["index.html"], []
    if "index.html" not in present:
        return []
    seen: set[str] = set()
    while asked:
        name = asked.pop()
        if name in seen:
            continue
        seen.add(name)
        if name not in present:
            dead.append(name)
        elif name.endswith(".html"):
            text = gzip.decompress(get(bucket, name)["Body"].read()).decode()
            links = {link.split("#")[0].split("?")[0] for link in page_facts(text).links}
            asked += [file_of(link) for link in links if link.startswith("/")]
    return dead


def test_only_what_changed_is_sent_and_old_files_stay_for_a_while(
    bucket: Bucket, tmp_path: Path
) -> None:
    first = upload(bucket, *site_of(tmp_path / "one", 1), NOW)
    assert (first.sent, first.unchanged, first.deleted) == (5, 0, 0)
    assert upload(bucket, *site_of(tmp_path / "one", 1), NOW).sent == 0
    second = upload(bucket, *site_of(tmp_path / "two", 2), NOW)
    assert (second.sent, second.unchanged, second.deleted) == (4, 1, 0)
    assert "assets/000000000001/site.css" in names(bucket)
    later = upload(bucket, *site_of(tmp_path / "two", 2), NOW + GRACE + dt.timedelta(1))
    assert later.deleted == 2
    assert "assets/000000000001/site.css" not in names(bucket)
    assert dead_links(bucket) == []


def test_each_file_says_what_it_is_and_how_long_it_keeps(bucket: Bucket, tmp_path: Path) -> None:
    upload(bucket, *site_of(tmp_path / "one", 1), NOW)
    page, style = get(bucket, "index.html"), get(bucket, "assets/000000000001/site.css")
    assert page["ContentType"] == "text/html; charset=utf-8"
    assert (page["CacheControl"], page["ContentEncoding"]) == ("no-cache", "gzip")
    assert style["CacheControl"] == "public, max-age=31536000, immutable"
    page["Body"].close()
    style["Body"].close()


def test_one_of_two_publishers_wins_until_a_dead_one_s_lock_is_old(
    bucket: Bucket, tmp_path: Path
) -> None:
    site = site_of(tmp_path / "one", 1)
    lock = b'{"since": "' + NOW.isoformat().encode() + b'"}'
    bucket.client.put_object(Bucket=bucket.name, Key="site/.publish/lock.json", Body=lock)
    with pytest.raises(PublishFailed, match="另一个发布正在写"):
        upload(bucket, *site, NOW)
    assert names(bucket) == {".publish/lock.json"}
    assert upload(bucket, *site, NOW + LOCK_TIME * 2).sent == 5
    assert ".publish/lock.json" not in names(bucket)


def test_a_refused_key_is_not_printed(bucket: Bucket, tmp_path: Path) -> None:
    site = site_of(tmp_path / "one", 1)
    with pytest.raises(PublishFailed) as failure:
        upload(Bucket(bucket.client, "no-such-bucket", ""), *site, NOW)
    assert "NoSuchBucket" in str(failure.value)
    assert "demo" not in str(failure.value)


def test_a_crash_after_any_operation_leaves_a_whole_site(bucket: Bucket, tmp_path: Path) -> None:
    upload(bucket, *site_of(tmp_path / "one", 1), NOW)
    two, when, crashes = site_of(tmp_path / "two", 2), NOW, 0
    for allowed in range(40):
        done = 0

        def stop(allowed: int = allowed, **_: object) -> None:
            nonlocal done
            done += 1
            if done > allowed:
                raise Crash

        bucket.client.meta.events.register("before-send.s3", stop, unique_id="crash")
        try:
            upload(bucket, *two, when)
        except Crash:
            crashes += 1
        else:
            break
        finally:
            bucket.client.meta.events.unregister("before-send.s3", unique_id="crash")
        assert dead_links(bucket) == [], f"after {allowed} operations"
        when += LOCK_TIME * 2
    assert crashes > 5
    assert "page-2/index.html" in names(bucket)
    assert dead_links(bucket) == []


def publish_command(small: Path, to: str, environment: Mapping[str, str]) -> tuple[int, str]:
    words = [sys.executable, "-m", "invoke", "publish", "--to", to, "--content", str(small)]
    ran = subprocess.run(
        words, cwd=PROJECT, env={**os.environ, "SOURCE_DATE_EPOCH": "1780272000", **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return ran.returncode, ran.stdout + ran.stderr


def test_the_command_publishes_a_whole_site_to_a_bucket(
    bucket: Bucket, origin: str, small: Path
) -> None:
    environment = {**ACCESS, "SITE_URL": "https://zhaosheng.example", "AWS_ENDPOINT_URL": origin}
    code, said = publish_command(small, f"s3://{bucket.name}/site", environment)
    assert (code, "发布完成。" in said) == (0, True), said
    assert "demo-secret" not in said
    assert "demo-key" not in said
    assert dead_links(bucket) == []
    assert "schools/yanshi-jishi-xueyuan/index.html" in names(bucket)


def test_the_command_refuses_to_publish_without_the_site_s_address(
    small: Path, tmp_path: Path
) -> None:
    code, said = publish_command(small, str(tmp_path / "www"), {"SITE_URL": ""})
    assert (code, "SITE_URL" in said) == (1, True)
    assert not (tmp_path / "www").exists()
