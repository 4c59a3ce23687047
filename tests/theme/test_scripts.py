"""Scripts as they are served: without comments, and otherwise what was written."""

import re
import subprocess
from pathlib import Path

import pytest

from plugins.site.assets import load_assets
from tests.theme.conftest import THEME

SCRIPTS = sorted((THEME / "static" / "js").glob("*.js"))
BLOCK = re.compile(r"(?<!:)/\*")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_no_string_goes_over_several_lines(script: Path) -> None:
    """The build takes indentation and lines that begin with two slashes away."""
    for number, line in enumerate(script.read_text("utf-8").splitlines(), 1):
        if not line.strip().startswith("//"):
            assert line.count("`") % 2 == 0, f"line {number}: {line}"
            assert not line.endswith("\\"), f"line {number}: {line}"
            assert BLOCK.search(line) is None, f"line {number}: {line}"


@pytest.mark.browser
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_served_script_has_no_comment_lines_and_is_read_by_node(
    script: Path, tmp_path: Path, node: str
) -> None:
    """And it is smaller than it was written."""
    assets = load_assets(THEME / "static")
    content = assets.files[f"{assets.base[1:]}/js/{script.name}"]
    assert len(content) < len(script.read_bytes())
    assert not any(line.startswith((b"//", b" ")) for line in content.splitlines())
    served = tmp_path / script.with_suffix(".mjs").name
    served.write_bytes(content)
    subprocess.run([node, "--check", served], check=True, capture_output=True)
