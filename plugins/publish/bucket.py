"""Publish to a bucket of any S3-compatible store.

A bucket has no switch, so the order keeps it whole: hashed files, other data, new pages, changed
pages, the home page, the manifest. What is no longer in the site is deleted on a later publish,
when `GRACE` has passed. Uploads are compared by ETag (the MD5 of what is stored), so that an
interrupted publish goes on where it stopped. A lock object, written on condition that there is
none, admits one publisher. Credentials come from the environment and are never printed.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from plugins.publish import headers
from plugins.publish.manifest import (
    MANIFEST,
    Manifest,
    ManifestUnreadable,
    from_bytes,
    to_bytes,
)
from plugins.publish.releases import PublishFailed

GRACE: Final = dt.timedelta(days=7)
"""How long a file that left the site may still be asked for by old pages."""

LOCK_TIME: Final = dt.timedelta(hours=2)
"""A lock that is older was left behind by a publisher that died."""

THREADS: Final = 8
LOCK: Final = ".publish/lock.json"
GONE: Final = ".publish/gone.json"


@dataclass(frozen=True, slots=True)
class Uploaded:
    """Files sent, files that were there already, and old files deleted."""

    sent: int
    unchanged: int
    deleted: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """`client` is boto3's S3 client; `prefix` is empty or ends with a slash."""

    client: Any
    name: str
    prefix: str


def upload(
    bucket: Bucket,
    site: Path,
    manifest: Manifest,
    now: dt.datetime,
    *,
    advance: Callable[[], None] = lambda: None,
) -> Uploaded:
    """Make the bucket serve `site`. Raises PublishFailed; what was there then still stands."""
    try:
        lock = _lock(bucket, now)
        try:
            return _upload(bucket, site, manifest, now, advance)
        finally:
            _unlock(bucket, lock)
    except (BotoCoreError, ClientError) as failure:
        raise PublishFailed(
            f"对象存储出错，现在的站点仍然完整，再运行一次会接着上传：{_reason(failure)}"
        ) from failure


def open_bucket(address: str) -> Bucket:
    """The bucket of `s3://name/prefix`. The environment says where it is and who we are.

    boto3 reads `AWS_ENDPOINT_URL`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and its files.
    Raises PublishFailed.
    """
    import boto3

    name, _, prefix = address.removeprefix("s3://").partition("/")
    prefix = prefix.strip("/")
    try:
        return Bucket(boto3.client("s3"), name, f"{prefix}/" if prefix else "")
    except (BotoCoreError, ValueError) as failure:
        raise PublishFailed(f"不能连接对象存储：{type(failure).__name__}") from failure


def served_manifest(bucket: Bucket) -> Manifest | None:
    """The manifest of what the bucket serves; None if there is none. Raises PublishFailed."""
    try:
        answer = bucket.client.get_object(Bucket=bucket.name, Key=bucket.prefix + MANIFEST)
        return from_bytes(gzip.decompress(answer["Body"].read()), MANIFEST)
    except ClientError as failure:
        if _code(failure) in ("NoSuchKey", "404"):
            return None
        raise PublishFailed(f"读不到对象存储：{_reason(failure)}") from failure
    except (BotoCoreError, OSError, ManifestUnreadable) as failure:
        raise PublishFailed(f"读不到对象存储里的清单：{_reason(failure)}") from failure


def waves(names: Iterable[str], present: Mapping[str, str]) -> list[list[str]]:
    """The order of uploads: each list may go in parallel when the one before it is complete."""
    order: list[list[str]] = [[], [], [], [], []]
    for name in sorted(names):
        if headers.is_hashed(name):
            order[0].append(name)
        elif not name.endswith(".html"):
            order[1].append(name)
        elif name == "index.html":
            order[4].append(name)
        else:
            order[3 if name in present else 2].append(name)
    return order


def _upload(
    bucket: Bucket,
    site: Path,
    manifest: Manifest,
    now: dt.datetime,
    advance: Callable[[], None],
) -> Uploaded:
    present = _listed(bucket)
    sent = 0

    def put(name: str) -> bool:
        done = _put(bucket, name, (site / name).read_bytes(), present.get(name, ""))
        advance()
        return done

    with ThreadPoolExecutor(THREADS) as pool:
        for wave in waves(manifest.files, present):
            sent += sum(pool.map(put, wave))
    _put(bucket, MANIFEST, to_bytes(manifest), present.get(MANIFEST, ""))
    deleted = _delete_old(bucket, set(present) - set(manifest.files) - {MANIFEST}, now)
    return Uploaded(sent, len(manifest.files) - sent, deleted)


def _put(bucket: Bucket, name: str, data: bytes, etag: str) -> bool:
    """Store one file unless the same bytes are there; whether it was sent."""
    packed = headers.is_compressed(name)
    body = gzip.compress(data, 9, mtime=0) if packed else data
    if hashlib.md5(body, usedforsecurity=False).hexdigest() == etag:
        return False
    encoding = {"ContentEncoding": "gzip"} if packed else {}
    bucket.client.put_object(
        Bucket=bucket.name,
        Key=bucket.prefix + name,
        Body=body,
        ContentType=headers.content_type(name),
        CacheControl=headers.cache_control(name),
        **encoding,
    )
    return True


def _listed(bucket: Bucket) -> dict[str, str]:
    """The ETags of what the bucket holds of the site."""
    found = {}
    pages = bucket.client.get_paginator("list_objects_v2")
    for page in pages.paginate(Bucket=bucket.name, Prefix=bucket.prefix):
        for entry in page.get("Contents", ()):
            name = entry["Key"].removeprefix(bucket.prefix)
            if not name.startswith(".publish/"):
                found[name] = entry["ETag"].strip('"')
    return found


def _delete_old(bucket: Bucket, unused: set[str], now: dt.datetime) -> int:
    """Note since when files are unused; delete those whose grace has passed."""
    since = {name: t for name, t in _read_json(bucket, GONE).items() if name in unused}
    for name in unused:
        since.setdefault(name, now.isoformat())
    due = [name for name in sorted(unused) if now - dt.datetime.fromisoformat(since[name]) > GRACE]
    for name in due:
        bucket.client.delete_object(Bucket=bucket.name, Key=bucket.prefix + name)
        del since[name]
    _write_json(bucket, GONE, since)
    return len(due)


def _lock(bucket: Bucket, now: dt.datetime) -> str:
    """Take the lock and return its ETag. Raises PublishFailed if another publisher holds it."""
    key, body = bucket.prefix + LOCK, json.dumps({"since": now.isoformat()}).encode()
    condition = {"IfNoneMatch": "*"}
    for _ in range(2):
        try:
            answer = bucket.client.put_object(Bucket=bucket.name, Key=key, Body=body, **condition)
        except ClientError as failure:
            if _code(failure) not in ("PreconditionFailed", "ConditionalRequestConflict"):
                raise
        else:
            return str(answer["ETag"])
        held = bucket.client.get_object(Bucket=bucket.name, Key=key)
        since = dt.datetime.fromisoformat(json.loads(held["Body"].read())["since"])
        if now - since <= LOCK_TIME:
            break
        condition = {"IfMatch": held["ETag"]}
    raise PublishFailed(
        "另一个发布正在写这个存储桶，请等它结束。"
        f"如果它已经中断，{LOCK_TIME.seconds // 3600} 小时以后锁自动失效。"
    )


def _unlock(bucket: Bucket, etag: str) -> None:
    """Give the lock back, if it is still ours."""
    held = bucket.client.head_object(Bucket=bucket.name, Key=bucket.prefix + LOCK)
    if held["ETag"] == etag:
        bucket.client.delete_object(Bucket=bucket.name, Key=bucket.prefix + LOCK)


def _read_json(bucket: Bucket, name: str) -> dict[str, str]:
    try:
        answer = bucket.client.get_object(Bucket=bucket.name, Key=bucket.prefix + name)
    except ClientError as failure:
        if _code(failure) in ("NoSuchKey", "404"):
            return {}
        raise
    return dict(json.loads(answer["Body"].read()))


def _write_json(bucket: Bucket, name: str, record: Mapping[str, str]) -> None:
    bucket.client.put_object(
        Bucket=bucket.name,
        Key=bucket.prefix + name,
        Body=json.dumps(record, sort_keys=True).encode(),
        ContentType="application/json",
        CacheControl=headers.NO_STORE,
    )


def _code(failure: ClientError) -> str:
    return str(failure.response.get("Error", {}).get("Code", ""))


def _reason(failure: Exception) -> str:
    """The kind of an error, without its message: messages can hold the key that was refused."""
    return _code(failure) if isinstance(failure, ClientError) else type(failure).__name__
