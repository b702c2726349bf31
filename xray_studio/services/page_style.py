"""How pages for browsers look: as the screen is set, dark or light, and black on white on paper.

One sheet inside each page, no other file, no script.
"""

from __future__ import annotations

from typing import Final

STYLE: Final = """
:root { color-scheme: light dark; --page: #fff; --ink: #14171c; --dim: #55606e; --line: #d9dde3;
  --seen: #8a4b00; --seen-bar: #d98a1f; --bar: #7f8a99; --track: #eef0f3; --ai: #ffd080; }
@media screen and (prefers-color-scheme: dark) { :root { --page: #12161c; --ink: #e8ebf0;
  --dim: #a3adbb; --line: #2c343f; --seen: #ffc25c; --seen-bar: #d98a1f; --bar: #7f8a99;
  --track: #252c36; } }
@page { size: A4; margin: 14mm; }
* { box-sizing: border-box; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
body { background: var(--page); color: var(--ink); font: 13px/1.45 Inter, "Noto Sans", sans-serif;
  margin: 24px auto; max-width: 182mm; padding: 0 16px; }
body.wide { max-width: 1280px; }
h1 { font-size: 20px; margin: 0 0 8px; overflow-wrap: anywhere; }
h2 { border-bottom: 1px solid var(--line); break-after: avoid; font-size: 15px; margin: 20px 0 8px;
  padding-bottom: 4px; }
h3 { break-after: avoid; font-size: 13px; margin: 10px 0 2px; }
p { margin: 4px 0; }
.badges { margin: 0 0 8px; }
.badge { border: 1px solid var(--ink); border-radius: 4px; font-size: 11px; font-weight: 600;
  padding: 1px 8px; white-space: nowrap; }
.badge.ai { background: var(--ai); border-color: var(--ai); color: #14171c; }
.mark { background: var(--ai); border-radius: 3px; color: #14171c; font-size: 10px;
  font-weight: 600; padding: 0 4px; }
.dim { color: var(--dim); font-size: 12px; }
.note { border-left: 3px solid var(--ai); padding-left: 8px; }
.summary { font-weight: 600; }
dl { display: grid; gap: 2px 24px; grid-template-columns: 1fr 1fr; margin: 8px 0 0; }
dl div { display: flex; gap: 8px; }
dt { color: var(--dim); flex: 0 0 80px; }
dd { margin: 0; overflow-wrap: anywhere; }
.pictures { display: grid; gap: 8px; grid-template-columns: repeat(3, 1fr); margin: 8px 0 16px; }
figure { break-inside: avoid; margin: 0; }
img, .nofilm { background: #000; display: block; max-height: 90mm; object-fit: contain;
  width: 100%; }
figcaption { margin-top: 2px; overflow-wrap: anywhere; }
figcaption .dim { display: block; }
table { border-collapse: collapse; margin: 8px 0; width: 100%; }
td { overflow-wrap: anywhere; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th { color: var(--dim); font-size: 12px; font-weight: 500; text-align: left;
  vertical-align: bottom; }
th, td { border-bottom: 1px solid var(--line); padding: 3px 10px 3px 0; vertical-align: middle; }
th.number, td.number { font-variant-numeric: tabular-nums; text-align: right; }
td.number { white-space: nowrap; }
td.says { padding-left: 10px; white-space: nowrap; }
.seen td { color: var(--seen); font-weight: 600; }
.bar { background: var(--track); display: block; height: 8px; position: relative; width: 28mm; }
.bar i { background: var(--bar); display: block; height: 8px; }
.seen .bar i { background: var(--seen-bar); }
.bar u { background: var(--ink); height: 12px; position: absolute; top: -2px; width: 2px; }
.model { break-inside: avoid; font-size: 12px; margin: 8px 0; }
code { font-size: 11px; overflow-wrap: anywhere; }
.files p { font-size: 12px; overflow-wrap: anywhere; }
.picture { background: #000; display: block; height: 64px; object-fit: contain; width: 64px; }
.study { break-inside: avoid; display: grid; gap: 8px 20px; grid-template-columns: 240px 1fr; }
.study h2 { grid-column: 1 / -1; margin-bottom: 0; }
.texts { align-items: start; display: grid; gap: 12px 20px;
  grid-template-columns: repeat(auto-fill, minmax(260px, 1fr)); }
.texts h3 { margin-top: 0; }
.texts .person { border-left: 3px solid var(--line); padding-left: 8px; }
.nofilm { color: #a3adbb; max-height: none; padding: 48px 16px; text-align: center; }
a { color: inherit; }
@media screen and (max-width: 600px) {
  dl, .study { grid-template-columns: 1fr; }
  .pictures { grid-template-columns: 1fr 1fr; }
  .bar, .narrow-not { display: none; }
  td.says { white-space: normal; }
}
@media print {
  :root { color-scheme: light; }
  body, body.wide { font-size: 12px; margin: 0; max-width: none; padding: 0; }
  .pictures { max-width: 150mm; }
  .files { display: none; }
  .study { grid-template-columns: 52mm 1fr; }
  .texts { grid-template-columns: 1fr 1fr; }
}
"""
