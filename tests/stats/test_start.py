from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "chatbot_qa" / "stats"


def test_nothing_but_the_standard_library_and_msgspec_is_imported():
    names = [f"chatbot_qa.stats.{path.stem}" for path in PACKAGE.glob("*.py")]
    code = f"import sys, {', '.join(names)}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert not loaded & {"numpy", "scipy", "statsmodels", "pandas", "statistics", "fractions"}
    assert len(names) > 5
