"""How pages on films look: black on white, as on the A4 paper that they are printed on."""

from __future__ import annotations

from typing import Final

STYLE: Final = """
:root { color-scheme: light; --ink: #14171c; --dim: #55606e; --line: #d9dde3; --seen: #8a4b00;
  --ai: #ffd080; }
@page { size: A4; margin: 14mm; }
* { box-sizing: border-box; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
body { background: #fff; color: var(--ink); font: 13px/1.45 Inter, "Noto Sans", sans-serif;
  margin: 24px auto; max-width: 182mm; padding: 0 16px; }
h1 { font-size: 20px; margin: 0 0 8px; overflow-wrap: anywhere; }
h2 { border-bottom: 1px solid var(--line); font-size: 15px; margin: 20px 0 8px;
  padding-bottom: 4px; }
h3 { font-size: 13px; margin: 10px 0 2px; }
p { margin: 4px 0; }
.badges { margin: 0 0 8px; }
.badge { border: 1px solid var(--ink); border-radius: 4px; font-size: 11px; font-weight: 600;
  padding: 1px 8px; }
.badge.ai { background: var(--ai); border-color: var(--ai); }
.mark { background: var(--ai); border-radius: 3px; font-size: 10px; font-weight: 600;
  padding: 0 4px; }
.dim { color: var(--dim); font-size: 12px; }
.note { border-left: 3px solid var(--ai); padding-left: 8px; }
.summary { font-weight: 600; }
dl { display: grid; gap: 2px 24px; grid-template-columns: 1fr 1fr; margin: 8px 0 0; }
dl div { display: flex; gap: 8px; }
dt { color: var(--dim); flex: 0 0 80px; }
dd { margin: 0; overflow-wrap: anywhere; }
.pictures { display: grid; gap: 8px; grid-template-columns: repeat(3, 1fr); margin: 8px 0; }
figure { break-inside: avoid; margin: 0; }
img { background: #000; display: block; max-height: 90mm; object-fit: contain; width: 100%; }
figcaption { margin-top: 2px; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th { color: var(--dim); font-size: 12px; font-weight: 500; text-align: left; }
th, td { border-bottom: 1px solid var(--line); padding: 3px 10px 3px 0; vertical-align: middle; }
td.number { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap; }
.seen td { color: var(--seen); font-weight: 600; }
.bar { background: #eef0f3; display: block; height: 8px; position: relative; width: 32mm; }
.bar i { background: #7f8a99; display: block; height: 8px; }
.seen .bar i { background: #d98a1f; }
.bar u { background: var(--ink); height: 12px; position: absolute; top: -2px; width: 2px; }
.model { break-inside: avoid; font-size: 12px; margin: 8px 0; }
code { font-size: 11px; overflow-wrap: anywhere; }
.files p { font-size: 12px; overflow-wrap: anywhere; }
.picture { background: #000; display: block; height: 64px; object-fit: contain; width: 64px; }
a { color: inherit; }
"""
