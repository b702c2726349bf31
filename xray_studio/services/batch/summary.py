"""The summary of a batch: a table for other programs, and a page with a picture of every series.

Neither tells who is shown: series are named by number, as the files are.
"""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Final

from xray_studio.core.files import replacing
from xray_studio.core.time_words import span_text
from xray_studio.core.version import VERSION
from xray_studio.services.batch.tasks import Outcome, Task

HTML: Final = "summary.html"
CSV: Final = "summary.csv"
COLUMNS: Final = (
    "number", "state", "file", "modality", "series_number", "source_files", "frames", "columns",
    "rows", "seconds", "bytes", "sha256", "steps", "missing", "reason",
)  # fmt: skip
_STYLE: Final = """
:root { color-scheme: dark light; --ink: #e8eaed; --dim: #9aa4b2; --ground: #14171c;
  --line: #2a2f38; --bad: #ff8a80; --good: #7bd88f; }
@media (prefers-color-scheme: light) { :root { --ink: #14171c; --dim: #5a6472; --ground: #ffffff;
  --line: #d9dde3; --bad: #b3261e; --good: #1b7f3b; } }
body { background: var(--ground); color: var(--ink); font: 14px/1.5 Inter, system-ui, sans-serif;
  margin: 32px auto; max-width: 1040px; padding: 0 24px; }
h1 { font-size: 20px; font-weight: 600; margin: 0; }
p { color: var(--dim); margin: 4px 0 24px; }
table { border-collapse: collapse; width: 100%; }
th { color: var(--dim); font-weight: 500; text-align: left; }
th, td { border-bottom: 1px solid var(--line); padding: 8px 12px 8px 0; vertical-align: middle; }
td.number { font-variant-numeric: tabular-nums; text-align: right; }
th.number { text-align: right; }
img { background: #000; border-radius: 4px; display: block; height: 64px; width: 64px; }
a { color: inherit; }
.good { color: var(--good); } .bad { color: var(--bad); } .dim { color: var(--dim); }
"""


def write_summary(
    folder: Path, outcomes: Sequence[Outcome], tasks: Sequence[Task], name: str
) -> tuple[Path, Path]:
    """Write both into the folder of a batch and return where they are. Raises WriteError."""
    page, table = folder / HTML, folder / CSV
    with replacing(page) as path:
        path.write_text(_page(outcomes, name), "utf-8")
    with replacing(table) as path:
        path.write_text(_table(outcomes, tasks), "utf-8", newline="")
    return page, table


def _table(outcomes: Sequence[Outcome], tasks: Sequence[Task]) -> str:
    text = io.StringIO(newline="")
    rows = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    rows.writeheader()
    for outcome, task in zip(outcomes, tasks, strict=True):
        rows.writerow(_row(outcome, task))
    return text.getvalue()


def _row(outcome: Outcome, task: Task) -> dict[str, object]:
    files = outcome.files
    return {
        "number": outcome.number,
        "state": "failed" if outcome.failed else "finished",
        "file": outcome.target,
        "modality": task.series.modality,
        "series_number": "" if task.series.series_number is None else task.series.series_number,
        "source_files": len(task.series.instances),
        "frames": outcome.frames or "",
        "columns": outcome.columns or "",
        "rows": outcome.rows or "",
        "seconds": f"{outcome.seconds:.2f}" if not outcome.failed else "",
        "bytes": sum(file.bytes for file in files) or "",
        "sha256": files[0].sha256 if len(files) == 1 else "",
        "steps": "; ".join(task.recipe.step.words),
        "missing": " ".join(outcome.missing),
        "reason": outcome.reason,
    }


def _page(outcomes: Sequence[Outcome], name: str) -> str:
    failed = sum(outcome.failed for outcome in outcomes)
    taken = sum(outcome.seconds for outcome in outcomes)
    said = f"{len(outcomes) - failed:,} of {len(outcomes):,} series written"
    said += f", {failed:,} failed" if failed else ""
    said += f"; {span_text(round(taken))} of work" if taken >= 1.0 else ""
    title = f"Batch: {name}" if name else "Batch"
    rows = "\n".join(_html_row(outcome) for outcome in outcomes)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{escape(title)}</h1>
<p>{escape(said)}. X-Ray Studio {escape(VERSION)}. For research and teaching, not for diagnosis.</p>
<table>
<thead><tr><th></th><th>File</th><th>State</th><th class="number">Frames</th>
<th class="number">Size</th><th class="number">Seconds</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</body>
</html>
"""


def _html_row(outcome: Outcome) -> str:
    picture = base64.b64encode(outcome.thumbnail).decode()
    image = f'<img alt="" src="data:image/png;base64,{picture}">' if picture else ""
    kind = "bad" if outcome.failed else "good"
    state = escape(outcome.reason or "written")
    more = [*outcome.badges, *outcome.missing]
    told = f'<br><span class="dim">{escape(" ".join(more))}</span>' if more else ""
    name = escape(outcome.target)
    link = name if outcome.failed else f'<a href="{_address(outcome.target)}">{name}</a>'
    size = "" if outcome.failed else f"{outcome.columns:,} x {outcome.rows:,}"
    numbers = (
        "" if outcome.failed else f"{outcome.frames:,}",
        size,
        "" if outcome.failed else f"{outcome.seconds:.1f}",
    )
    cells = "".join(f'<td class="number">{number}</td>' for number in numbers)
    return f'<tr><td>{image}</td><td>{link}{told}</td><td class="{kind}">{state}</td>{cells}</tr>'


def _address(name: str) -> str:
    from urllib.parse import quote

    return escape(quote(name))
