"""Contributed Markdown becomes safe HTML here and nowhere else. Pure: imports no Pelican."""

from plugins.sanitize.render import Renderer

__all__ = ["Renderer"]
