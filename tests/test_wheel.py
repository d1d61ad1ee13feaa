"""What is installed works without the checkout: presets, rules, migrations and the sandbox travel in the wheel."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_the_wheel_alone_checks_a_company(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*build, "--wheel-dir", str(tmp_path), str(ROOT)], check=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    assert {one.name for one in installed.iterdir() if one.is_dir() and "." not in one.name} == {
        "syncbot",
        "connectors",
    }
    environment = os.environ | {"PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"}
    shown = subprocess.run(
        [sys.executable, "-c", "import syncbot; print(syncbot.__file__)"],
        check=True,
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert Path(shown.stdout.strip()).is_relative_to(installed)
    demo = subprocess.run(
        [sys.executable, "-m", "syncbot", "demo"],
        check=False,
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert demo.returncode == 0, demo.stderr
    assert "0 writes" in demo.stdout
