/** The one style sheet of the pages: no fonts, images or scripts from anywhere. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fbfbfa; --card: #ffffff; --ink: #1d2329; --soft: #5d6873; --line: #e3e5e8; --accent: #0b6e75;
  --accent-soft: #e3f2f2; --warn: #a4460a; --warn-soft: #fdeedf; --key: #7a5600; --key-soft: #fbf2d5; --code: #f3f4f5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181b; --card: #1b2024; --ink: #e4e8ea; --soft: #96a1a9; --line: #2d343a; --accent: #62c4c9;
    --accent-soft: #17373a; --warn: #f0a56b; --warn-soft: #3b2717; --key: #e5c866; --key-soft: #37301a; --code: #22282d;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
header { background: var(--card); border-bottom: 1px solid var(--line); }
.bar, main, footer { max-width: 72rem; margin: 0 auto; padding: 0.8rem 1.25rem; }
.bar { display: flex; gap: 1.5rem; align-items: center; justify-content: space-between; flex-wrap: wrap; }
.brand { font-weight: 650; color: var(--ink); letter-spacing: -0.01em; }
form { display: flex; gap: 0.4rem; flex: 0 1 24rem; }
input { flex: 1; min-width: 8rem; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line);
  border-radius: 6px; padding: 0.3rem 0.6rem; }
button { font: inherit; color: var(--accent); background: var(--accent-soft); border: 0; border-radius: 6px; padding: 0.3rem 0.8rem;
  cursor: pointer; }
input:focus-visible, button:focus-visible, a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
nav { color: var(--soft); margin: 0.6rem 0 0; overflow-wrap: anywhere; }
nav span.sep { margin: 0 0.35rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0.2rem 0 0.3rem; letter-spacing: -0.015em; overflow-wrap: anywhere; }
h2 { font-size: 1.02rem; margin: 2rem 0 0.6rem; }
h2 .count { color: var(--soft); font-weight: 400; }
.facts { color: var(--soft); margin: 0 0 0.8rem; font-size: 0.9rem; }
.facts > span:not(:last-child)::after { content: "·"; margin: 0 0.45rem; }
.description { white-space: pre-line; overflow-wrap: anywhere; max-width: 60rem; margin: 0.4rem 0; }
.none { color: var(--soft); }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: start; vertical-align: top; padding: 0.45rem 0.8rem; border-top: 1px solid var(--line); overflow-wrap: break-word; }
tr:first-child > th, tbody:first-child > tr:first-child > td { border-top: 0; }
th { font-size: 0.78rem; font-weight: 600; color: var(--soft); white-space: nowrap; }
td.number, th.number { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.value { text-align: end; font-variant-numeric: tabular-nums; font-size: 0.9rem; min-width: 7rem; white-space: nowrap; }
td.value.long { white-space: normal; overflow-wrap: anywhere; }
td.name { min-width: 9rem; overflow-wrap: anywhere; }
td.type { min-width: 8rem; overflow-wrap: anywhere; }
td.about { color: var(--soft); min-width: 14rem; }
tr.deleted td.name a, h1.deleted { text-decoration: line-through; text-decoration-thickness: 1px; }
.badge { display: inline-block; font-size: 0.74rem; line-height: 1.45; padding: 0 0.45rem; border-radius: 999px; margin-inline-end: 0.25rem;
  background: var(--code); color: var(--soft); white-space: nowrap; vertical-align: 0.08em; }
.badge.key { background: var(--key-soft); color: var(--key); }
.badge.link { background: var(--accent-soft); color: var(--accent); }
.badge.gone { background: var(--warn-soft); color: var(--warn); }
code, pre, .type { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: 0.86rem; }
pre { background: var(--code); border-radius: 8px; padding: 0.8rem 1rem; margin: 0.4rem 0; overflow-x: auto; white-space: pre-wrap;
  overflow-wrap: anywhere; tab-size: 4; }
.edges { list-style: none; margin: 0; padding: 0; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
.edges > li { padding: 0.55rem 0.8rem; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
.edges > li:first-child { border-top: 0; }
.flows { margin: 0.25rem 0 0; padding: 0; list-style: none; color: var(--soft); }
details { margin-top: 0.25rem; }
summary { cursor: pointer; color: var(--soft); font-size: 0.88rem; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 0 1.5rem; }
.picture { margin: 0; padding: 0.8rem; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
.picture + .scroll { margin-top: 0.8rem; }
.picture svg { display: block; width: 100%; max-width: 44rem; }
.picture text { font-size: 11px; fill: var(--soft); }
.share { display: block; width: 5rem; min-width: 4rem; height: 0.65rem; }
rect.use { fill: var(--accent); }
circle.use { fill: var(--accent); }
rect.gap { fill: var(--warn); }
rect.whole { fill: var(--code); }
polyline.course { fill: none; stroke: var(--accent); stroke-width: 1.5; }
.categories > span { overflow-wrap: anywhere; } td > .facts { margin: 0.2rem 0 0; }
.bins { display: block; width: 10rem; height: 1.75rem; }
line.ground { stroke: var(--line); }
.more { margin: 0.8rem 0; }
footer { color: var(--soft); font-size: 0.82rem; padding-bottom: 2.5rem; }
`;
