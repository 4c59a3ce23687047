"""What a photo looks like is measured once; a damaged entry is measured again."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from plugins.photos import PhotoRefused, inspect_photo
from plugins.photos.look import PhotoLook
from plugins.photos.look_cache import find_look

Make = Callable[[int, int], Image.Image]
Save = Callable[..., Path]


@pytest.fixture
def photo(save: Save, pattern: Make) -> Path:
    return save(pattern(600, 400), "photo.jpg")


def only_entry(cache_dir: Path) -> Path:
    (entry,) = [path for path in cache_dir.rglob("*") if path.is_file()]
    return entry


def put_another_look(entry: Path) -> None:
    """Replace the numbers, but not the proof, so that it is seen whether they are believed."""
    record = json.loads(entry.read_text())
    record["look"] = [1, 2, 3]
    entry.write_text(json.dumps(record))


def test_the_facts_are_the_same_with_and_without_a_cache(photo: Path, cache_dir: Path) -> None:
    expected = inspect_photo(photo)
    assert inspect_photo(photo, cache_dir) == expected
    assert find_look(expected.sha256, cache_dir) == expected.look
    assert inspect_photo(photo, cache_dir) == expected


def test_the_second_time_the_picture_is_not_decoded(
    photo: Path, cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = inspect_photo(photo, cache_dir)

    def decoded(*_: object, **__: object) -> None:
        raise AssertionError("decoded again")

    monkeypatch.setattr("plugins.photos.decode.decode", decoded)
    assert inspect_photo(photo, cache_dir) == expected


@pytest.mark.parametrize(
    "damage",
    [
        put_another_look,
        Path.unlink,
        lambda entry: entry.write_text(""),
        lambda entry: entry.write_text("[" * 100_000),
        lambda entry: entry.write_text('{"look": [1, 2], "proof": ""}'),
        lambda entry: entry.write_text('{"look": 7, "proof": ""}'),
        lambda entry: entry.write_bytes(entry.read_bytes()[:-5]),
    ],
)
def test_a_damaged_entry_is_made_again(
    photo: Path, cache_dir: Path, damage: Callable[[Path], object]
) -> None:
    expected = inspect_photo(photo, cache_dir)
    entry = only_entry(cache_dir)
    whole = entry.read_bytes()
    damage(entry)
    assert inspect_photo(photo, cache_dir) == expected
    assert only_entry(cache_dir).read_bytes() == whole


def test_an_entry_of_another_photo_is_not_believed(
    photo: Path, save: Save, pattern: Make, cache_dir: Path
) -> None:
    first = inspect_photo(photo, cache_dir)
    entry = only_entry(cache_dir)
    other = inspect_photo(save(pattern(500, 500), "other.jpg"))
    stolen = cache_dir / entry.parent.parent.name / other.sha256[:2] / f"{other.sha256}.json"
    stolen.parent.mkdir(parents=True, exist_ok=True)
    stolen.write_bytes(entry.read_bytes())
    assert find_look(first.sha256, cache_dir) == first.look
    assert find_look(other.sha256, cache_dir) is None


def test_a_photo_that_is_refused_leaves_no_entry(photo: Path, cache_dir: Path) -> None:
    photo.write_bytes(photo.read_bytes()[:-400])
    with pytest.raises(PhotoRefused):
        inspect_photo(photo, cache_dir)
    assert not cache_dir.exists()


def test_a_cache_that_cannot_be_written_stops_no_check(photo: Path, cache_dir: Path) -> None:
    cache_dir.write_text("a file where the folder should be")
    look = inspect_photo(photo, cache_dir).look
    assert isinstance(look, PhotoLook)
