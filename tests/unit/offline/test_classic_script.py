"""Modules become functions of one classic script, or are refused."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from plugins.offline.classic_script import NotConvertible, classic_modules
from plugins.site.assets import load_assets

THEME = Path(__file__).parents[3] / "themes/jixiao"

RUN = """
const MODULES = {modules};
const ready = {{}};
function load(name) {{
  if (!(name in ready)) {{ ready[name] = {{}}; MODULES[name](load, ready[name], "f", "l", "h"); }}
  return ready[name];
}}
"""


def run(node: str, modules: dict[str, str], code: str) -> str:
    script = RUN.format(modules=classic_modules(modules)) + code
    done = subprocess.run([node, "-e", script], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.browser
def test_what_one_module_exports_another_imports(node: str) -> None:
    modules = {
        "b.js": "let times = 0;\nexport const two = 2;\nexport function twice(x) {\n"
        "times += 1;\nreturn x * two;\n}\nexport class Box {}\nexport async function late() {\n"
        "return 3;\n}\n",
        "a.js": 'import {\ntwice, two as pair,\n} from "./b.js";\n'
        "export const four = twice(pair);\n",
    }
    assert run(node, modules, 'console.log(load("a.js").four, typeof load("b.js").Box)') == (
        "4 function"
    )


@pytest.mark.browser
def test_a_module_that_is_imported_later_runs_later(node: str) -> None:
    modules = {
        "a.js": 'export const later = () => import("./b.js").then(({ b }) => b);\n',
        "b.js": 'console.log("b");\nexport const b = 7;\n',
    }
    code = 'const { later } = load("a.js"); console.log("a"); later().then(console.log);'
    assert run(node, modules, code) == "a\nb\n7"


@pytest.mark.browser
def test_a_module_gets_the_pack_s_own_fetch_and_strict_code(node: str) -> None:
    modules = {"a.js": "export const given = [fetch, location, history, this === undefined];\n"}
    code = 'console.log(JSON.stringify(load("a.js").given.slice(0, 3)))'
    assert run(node, modules, code) == '["f","l","h"]'


@pytest.mark.parametrize(
    "text",
    [
        'import whole from "./b.js";\n',
        'import * as whole from "./b.js";\n',
        'import { b } from "https://elsewhere.example/b.js";\n',
        "export default function () {}\n",
        'export { b } from "./b.js";\n',
        "const name = import(somewhere);\n",
        "console.log(import.meta.url);\n",
        'import { b } from "./missing.js";\n',
    ],
)
def test_a_form_that_is_not_known_is_refused(text: str) -> None:
    with pytest.raises(NotConvertible):
        classic_modules({"a.js": text, "b.js": "export const b = 1;\n"})


def test_modules_in_a_circle_are_refused() -> None:
    circle = {
        "a.js": 'import { b } from "./b.js";\nexport const a = 1;\n',
        "b.js": 'import { a } from "./a.js";\nexport const b = 1;\n',
    }
    with pytest.raises(NotConvertible, match=r"a\.js → b\.js → a\.js"):
        classic_modules(circle)


@pytest.mark.browser
def test_all_scripts_of_the_site_can_be_read_as_one_classic_script(
    node: str, tmp_path: Path
) -> None:
    assets = load_assets(THEME / "static")
    scripts = {
        name.rpartition("/")[2]: data.decode()
        for name, data in assets.files.items()
        if name.endswith(".js") and not name.endswith("first-paint.js")
    }
    assert len(scripts) > 15
    file = tmp_path / "all.js"
    file.write_text(f"const MODULES = {classic_modules(scripts)};", "utf-8")
    subprocess.run([node, "--check", str(file)], check=True, capture_output=True)
