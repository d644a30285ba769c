"""`make lint`: every check, also after one has failed, so that one run shows all there is to mend."""

from __future__ import annotations

import os
import subprocess
import sys

from tools.checkout import CHECKOUT, VENV

BIN = VENV / "bin"


def checks() -> list[list[str]]:
    found = [
        ["ruff", "format", "--check", "--quiet", "."],
        ["ruff", "check", "--quiet", "."],
        ["mypy"],
    ]
    if "[tool.importlinter]" in (CHECKOUT / "pyproject.toml").read_text() or (CHECKOUT / ".importlinter").exists():
        found.append(["lint-imports"])
    if next(CHECKOUT.glob("*/templates/**/*.html"), None):
        found += [["djlint", "--quiet", "--lint", *_template_folders()], ["djlint", "--check", *_template_folders()]]
    return found


def _template_folders() -> list[str]:
    folders = [*CHECKOUT.glob("*/templates"), *CHECKOUT.glob("etax/*/templates")]
    return sorted(str(folder.relative_to(CHECKOUT)) for folder in folders if folder.parts[-2] != "node_modules")


def generated_files_in_git() -> str:
    """A committed .venv would replace the real one of everybody who pulls."""
    listed = ["git", "ls-files", "--", ".venv", "node_modules", "var", "*.mo", "*.pyc"]
    return subprocess.run(listed, cwd=CHECKOUT, capture_output=True, text=True, check=False).stdout.strip()


def main() -> int:
    env = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    failed = []
    for check in checks():
        command = [str(BIN / check[0]), *check[1:]]
        done = subprocess.run(
            command, cwd=CHECKOUT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        if done.returncode:
            print(done.stdout)
            failed.append(" ".join(check[:3]))
    if generated := generated_files_in_git():
        print(f"generated, and yet in git:\n{generated}")
        failed.append("git ls-files")
    print(f"lint: failed: {'; '.join(failed)}" if failed else "lint: clean")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
