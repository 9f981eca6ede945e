# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the page looks: by daylight, at night, on a phone and on paper.

Verdicts differ in words and in shape, not in colour alone. Every pair of text and background
reaches a contrast of 4.5 to 1 (WCAG 2.2, AA).
"""

from __future__ import annotations

STYLE = """
:root {
  --paper: #fbfbf9; --card: #ffffff; --ink: #1d2125; --quiet: #56606a; --line: #d9dcdf;
  --proven: #1b6e3c; --proven-soft: #e3f3e8;
  --unproven: #8a5300; --unproven-soft: #fdf0d8;
  --broken: #a9201f; --broken-soft: #fce6e4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171a; --card: #1c2024; --ink: #e8eaec; --quiet: #a3acb5; --line: #363c42;
    --proven: #7ad39b; --proven-soft: #16331f;
    --unproven: #f0bb62; --unproven-soft: #382808;
    --broken: #ff9d94; --broken-soft: #421614;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 66rem;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
header { padding: 1.25rem 1.5rem; border-left: .5rem solid; border-radius: .25rem; }
header h1 { margin: .25rem 0; font-size: 1.7rem; line-height: 1.25; color: var(--ink); }
header p { margin: 0; color: var(--quiet); }
header.proven { border-color: var(--proven); background: var(--proven-soft); }
header.unproven, header.late { border-color: var(--unproven); background: var(--unproven-soft); }
header.broken { border-color: var(--broken); background: var(--broken-soft); }
h2 { margin: 2.25rem 0 .75rem; font-size: 1.25rem; }
h3 { margin: 1rem 0 .25rem; font-size: 1rem; }
ul { margin: .25rem 0; padding-left: 1.25rem; }
li, dd, td, th, h1 { overflow-wrap: anywhere; }
small, .note, article > p { color: var(--quiet); }
.verdict {
  padding: .1rem .55rem; border: 1px solid; border-radius: 1rem;
  font-size: .9rem; white-space: nowrap;
}
.verdict.proven { color: var(--proven); background: var(--proven-soft); }
.verdict.unproven {
  color: var(--unproven); background: var(--unproven-soft);
  border-style: dashed;
}
.verdict.broken { color: var(--broken); background: var(--broken-soft); border-width: 2px; }
.verdict.proven::before { content: "\\2713\\00a0" / ""; }
.verdict.unproven::before { content: "?\\00a0" / ""; }
.verdict.broken::before { content: "\\2717\\00a0" / ""; }
.fault { color: var(--broken); white-space: nowrap; }
table { width: 100%; border-collapse: collapse; background: var(--card); }
th, td {
  padding: .6rem .75rem; border: 1px solid var(--line); text-align: left;
  vertical-align: top;
}
thead th { font-size: .85rem; color: var(--quiet); font-weight: 600; }
article {
  margin: .75rem 0; padding: .25rem 1rem 1rem; border: 1px solid var(--line);
  background: var(--card);
}
article > p { margin: .25rem 0; }
.steps { margin: .75rem 0 0; padding: 0; list-style: none; }
.steps li { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; padding: .2rem 0; }
.steps i {
  grid-column: 1 / -1; min-width: 2px; height: .35rem; border-radius: .2rem;
  background: var(--quiet);
}
dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1rem; margin: 0; }
dt { font-weight: 600; }
dd { margin: 0; }
@media (max-width: 44rem) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, th, td { display: block; border: 0; background: none; }
  tr {
    margin: 0 0 1rem; padding: .75rem 1rem; border: 1px solid var(--line);
    background: var(--card);
  }
  th, td { padding: .25rem 0; }
  td::before { content: attr(data-column); display: block; font-size: .8rem; color: var(--quiet); }
}
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; background: none; }
  header, article, tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .steps i { print-color-adjust: exact; }
}
"""
