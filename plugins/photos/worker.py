"""Decode contributed photos in processes that may be killed: see `plugins.limited`."""

from plugins.limited import LimitedExecutor


def photo_workers(workers: int = 1) -> LimitedExecutor:
    """An executor whose calls each have the limits of one photo, with the decoders loaded."""
    return LimitedExecutor(workers, initializer=load_decoders)


def load_decoders() -> None:
    """Import all that a call needs, so that its limits are spent on the photo alone."""
    from plugins.photos import decode, look, render  # noqa: F401
