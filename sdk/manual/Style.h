// The style of a manual's page, on a screen and on paper.
#pragma once

#include "llvm/ADT/StringRef.h"

namespace lathe::manual {

inline constexpr llvm::StringLiteral kStyle = R"css(
:root { --ink: #1b2733; --muted: #5b6b7b; --rule: #d5dde5; --accent: #12385f; --link: #1f6fb2; --shade: #f4f7fa; }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body { margin: 0; color: var(--ink); background: #fff; line-height: 1.55; font-size: 16px;
  font-family: "Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
code, pre { font-family: "DejaVu Sans Mono", Consolas, Menlo, monospace; font-size: .875em; }
a code { color: inherit; }
p code, li code, td code, dd code { white-space: nowrap; }
nav { position: fixed; top: 0; bottom: 0; left: 0; width: 272px; overflow-y: auto; padding: 28px 20px 40px 26px;
  background: var(--shade); border-right: 1px solid var(--rule); font-size: 14px; }
nav .name { margin: 0 0 14px; font-weight: 700; color: var(--accent); font-size: 15px; }
nav ol { list-style: none; margin: 0; padding: 0; }
nav li { margin: 3px 0; }
nav li.l1 { margin-top: 12px; font-weight: 600; }
nav li.l2 { padding-left: 14px; }
nav li.l3 { padding-left: 30px; font-family: "DejaVu Sans Mono", Consolas, Menlo, monospace; font-size: 12px; }
nav a { color: var(--ink); }
nav span { color: var(--muted); margin-right: 4px; }
main { margin-left: 272px; padding: 0 56px 80px; max-width: 1064px; }
header { margin: 0 -56px 40px; padding: 56px 56px 36px; color: #fff; background: linear-gradient(115deg, #0d2a48, #1d5788); }
header h1 { margin: 0 0 8px; font-size: 40px; line-height: 1.15; letter-spacing: -.01em; }
header .subtitle { margin: 0 0 28px; font-size: 18px; opacity: .9; max-width: 46em; }
header dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); gap: 14px 28px; margin: 0; }
header dt { font-size: 12px; text-transform: uppercase; letter-spacing: .06em; opacity: .75; }
header dd { margin: 0; font-size: 17px; font-weight: 600; }
header code { color: inherit; }
h2 { margin: 64px 0 16px; padding-bottom: 8px; border-bottom: 2px solid var(--accent); color: var(--accent); font-size: 28px; line-height: 1.25; }
h3 { margin: 40px 0 12px; color: var(--accent); font-size: 20px; }
h4 { margin: 48px 0 10px; padding: 8px 14px; background: var(--shade); border-left: 4px solid var(--link);
  font-family: "DejaVu Sans Mono", Consolas, Menlo, monospace; font-size: 18px; }
h2 .number, h3 .number { color: var(--muted); font-weight: 400; margin-right: 6px; }
.tag { float: right; margin-top: 3px; color: var(--muted); font: 400 13px "Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif; }
.tag code { font-size: 13px; }
p { margin: 10px 0; max-width: 48em; }
ul { padding-left: 22px; max-width: 48em; }
pre { margin: 14px 0; padding: 12px 16px; background: var(--shade); border: 1px solid var(--rule); border-radius: 4px;
  overflow-x: auto; line-height: 1.5; font-size: 13.5px; }
pre code { font-size: inherit; }
.table { overflow-x: auto; margin: 16px 0 22px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; font-size: 13.5px; color: var(--muted); padding-bottom: 6px; }
th { text-align: left; font-weight: 600; background: var(--accent); color: #fff; padding: 7px 10px; white-space: nowrap; }
th code { color: #fff; }
td { padding: 6px 10px; border-bottom: 1px solid var(--rule); vertical-align: top; }
tbody tr:nth-child(even) td { background: #fafbfd; }
.right { text-align: right; white-space: nowrap; }
figure { margin: 22px 0; overflow-x: auto; }
figure svg { max-width: 100%; height: auto; display: block; }
figure.bits { margin: 14px 0; }
figcaption { margin-top: 8px; font-size: 13.5px; font-weight: 600; color: var(--muted); }
footer { margin-top: 72px; padding-top: 14px; border-top: 1px solid var(--rule); color: var(--muted); font-size: 13px; }
@media (max-width: 900px) { nav { position: static; width: auto; border: 0; } main { margin: 0; padding: 0 20px 60px; }
  header { margin: 0 -20px 32px; padding: 36px 20px; } }
@media print {
  @page { size: A4; margin: 18mm 16mm; }
  body { font-size: 10.5pt; }
  nav { position: static; width: auto; padding: 0; background: none; border: 0; break-after: page; columns: 2; }
  main { margin: 0; padding: 0; max-width: none; }
  header { margin: 0 0 20px; padding: 24px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  h2 { break-before: page; margin-top: 0; }
  h2, h3, h4 { break-after: avoid; }
  figure, pre, tr { break-inside: avoid; }
  th, h4, figure { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  a { color: inherit; }
}
)css";

} // namespace lathe::manual
