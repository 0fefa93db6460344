"""What a user may have in their home that changes how matplotlib, Jupyter, IPython and pandas work: each file by its path there."""

from __future__ import annotations

import json
from pathlib import Path

MATPLOTLIBRC = """font.size: 31
font.family: cursive
axes.grid: True
axes.facecolor: yellow
savefig.dpi: 33
figure.dpi: 33
path.simplify: True
svg.fonttype: none
svg.hashsalt: mine
backend: svg
"""
MATPLOTLIB = {".config/matplotlib/matplotlibrc": MATPLOTLIBRC}

_STARTUP = """import decimal, pandas
print("hello from my startup file")
pandas.set_option("display.max_rows", 3, "display.precision", 1, "display.max_colwidth", 9)
decimal.getcontext().prec = decimal.DefaultContext.prec = 4
pandas.Series.value_counts = lambda *_, **__: {}
"""
_CONFIG = """c.InteractiveShell.ast_node_interactivity = "all"
c.InteractiveShellApp.exec_lines = ["print('hello from my profile')"]
c.InteractiveShell.xmode = "Verbose"
c.DisplayFormatter.active_types = ["text/plain"]
"""
_PROFILE = ".ipython/profile_default"
IPYTHON = {
    f"{_PROFILE}/startup/00-mine.py": _STARTUP,
    f"{_PROFILE}/ipython_config.py": _CONFIG,
    f"{_PROFILE}/ipython_kernel_config.py": _CONFIG,
}

_TEMPLATE = "{% block body %}<p>my template</p>{% endblock %}"


def jupyter(python: str) -> dict[str, str]:
    """A kernel that shadows ours, a configuration that hides the outputs, templates of the names that nbconvert looks for."""
    argv = [python, "-X", "dev", "-m", "ipykernel_launcher", "--InteractiveShell.ast_node_interactivity=all", "-f", "{connection_file}"]
    kernel = {"argv": argv, "display_name": "Mine", "language": "python", "env": {"PYTHONHASHSEED": "7", "TZ": "<+05>-5"}}
    data, hidden = ".local/share/jupyter", {"TemplateExporter": {"exclude_output": True, "exclude_markdown": True}}
    conf = json.dumps({"base_template": "base"})
    return {
        f"{data}/kernels/python3/kernel.json": json.dumps(kernel),
        f"{data}/nbconvert/templates/notebook/conf.json": conf,
        f"{data}/nbconvert/templates/notebook/index.html.j2": _TEMPLATE,
        f"{data}/nbconvert/templates/base/conf.json": json.dumps({"mimetypes": {"text/html": True}}),
        f"{data}/nbconvert/templates/base/null.j2": _TEMPLATE,
        f"{data}/nbconvert/templates/base/display_priority.j2": _TEMPLATE,
        ".jupyter/jupyter_config.json": json.dumps(hidden),
        ".jupyter/jupyter_nbconvert_config.json": json.dumps(hidden),
        ".jupyter/jupyter_nbconvert_config.py": "c.TemplateExporter.exclude_output = True\n",
    }


def write(folder: Path, files: dict[str, str]) -> None:
    """Write these files below a folder."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
