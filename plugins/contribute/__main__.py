"""`python -m plugins.contribute --base REV`: the check of a pull request, for CI."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from plugins.catalogue.problem import errors
from plugins.catalogue.report import FORMATS, report
from plugins.clock import today
from plugins.contribute.git_tree import GitFailed
from plugins.contribute.pull_request import check_pull_request


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m plugins.contribute", description=__doc__)
    parser.add_argument("--base", required=True)
    parser.add_argument("--head", default="HEAD")
    parser.add_argument("--by", help="account that sent the change")
    parser.add_argument("--repository", type=Path, default=Path())
    parser.add_argument("--format", choices=FORMATS, default="text")
    given = parser.parse_args(arguments)
    try:
        problems = check_pull_request(given.repository, given.base, given.head, given.by, today())
    except (GitFailed, ValueError) as failure:
        print(f"不能检查这次提交：{failure}", file=sys.stderr)
        return 1
    print(report(problems, given.format))
    return 1 if errors(problems) else 0


if __name__ == "__main__":
    sys.exit(main())
