/** The style of the page: light and dark by what the reader's system asks for, one column on a phone. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1d2329;--soft:#5d6873;--line:#d9dee3;--panel:#f5f7f9;--accent:#0b6bcb;--fill:#9cc7f2;--traffic:#c9d0d7;--good:#17803d;--bad:#c62f2f;--even:#8a6d00;--demand:#1d2329}
@media (prefers-color-scheme:dark){:root{--paper:#14181c;--ink:#e6eaee;--soft:#9aa6b1;--line:#333b43;--panel:#1c2228;--accent:#63b0ff;--fill:#2b557f;--traffic:#45505a;--good:#4cc274;--bad:#ff7b72;--even:#d8b23a;--demand:#f0f3f6}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:1180px;margin:0 auto;padding:20px 16px 60px}
h1{font-size:26px;margin:8px 0 4px}h2{font-size:20px;margin:40px 0 4px;padding-top:12px;border-top:1px solid var(--line)}
p{margin:4px 0 12px;max-width:80ch}.soft{color:var(--soft)}
nav a{margin-right:14px;white-space:nowrap}a{color:var(--accent)}
.tally{display:flex;flex-wrap:wrap;gap:10px;margin:14px 0}
.tally div{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:8px 14px;min-width:104px}
.tally b{display:block;font-size:22px;line-height:1.25}
.scroll{overflow-x:auto;margin:8px 0}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:14px}
th,td{padding:4px 10px 4px 0;text-align:right;white-space:nowrap;border-bottom:1px solid var(--line)}
th{font-weight:600;color:var(--soft);vertical-align:bottom}
td:nth-child(2),th:nth-child(2),td.verdict,th.verdict{text-align:left}
tr.sluice td{font-weight:700}tr.reference td,tr.variant td{color:var(--soft)}
td.why{white-space:normal;text-align:left;min-width:220px;font-size:13px;color:var(--soft)}th.why{text-align:left}
:is(span,b).won{color:var(--good)}:is(span,b).lost{color:var(--bad)}:is(span,b).tied{color:var(--even)}
.pareto{width:100%;max-width:680px;display:block;margin:8px 0}
.pareto text{fill:var(--soft);font-size:12px}.pareto .dot text{fill:var(--paper);font-size:11px;font-weight:700}
.dot circle{fill:var(--soft);stroke:var(--paper);stroke-width:1}.dot .lead{stroke:var(--soft);stroke-width:1}
.dot.sluice circle{fill:var(--accent)}.dot.won circle{fill:var(--good)}.dot.lost circle{fill:var(--bad)}.dot.tied circle{fill:var(--even)}
.dot.reference circle,.dot.variant circle{fill:var(--paper);stroke:var(--soft);stroke-width:1.5}.dot.reference text,.dot.variant text{fill:var(--ink)}
.grid{stroke:var(--line);stroke-width:1;fill:none;vector-effect:non-scaling-stroke}.grid.limit{stroke:var(--soft);stroke-dasharray:4 3}
details{border:1px solid var(--line);border-radius:8px;margin:8px 0;background:var(--panel)}
summary{cursor:pointer;padding:8px 12px;display:list-item}summary b{margin-right:8px}
.course{padding:2px 12px 12px}
.chart{position:relative;padding-left:64px;margin-top:6px}
.chart b{display:block;font-weight:500;font-size:12px;color:var(--soft)}
.chart svg{display:block;width:100%;height:96px;background:var(--paper);border:1px solid var(--line);overflow:visible}
.chart.traffic svg{height:44px}
.chart .y{position:absolute;left:0;width:60px;bottom:0;height:96px}.chart.traffic .y{height:44px}
.chart .y span{position:absolute;right:0;transform:translateY(50%);font-size:11px;color:var(--soft);white-space:nowrap}
.x{position:relative;height:18px;margin-left:64px;font-size:11px;color:var(--soft)}.x span{position:absolute;white-space:nowrap}
.area{stroke:none}.area.traffic{fill:var(--traffic)}.area.tasks{fill:var(--fill)}
.line{fill:none;stroke-width:1.3;vector-effect:non-scaling-stroke}.line.demand{stroke:var(--demand);stroke-width:1;opacity:.75}
.line.queue{stroke:var(--accent)}.line.over{stroke:var(--bad);stroke-width:1.8}.line.slo{stroke:var(--bad);stroke-dasharray:5 4;stroke-width:1}
.mark{fill:none;stroke-width:1.4;vector-effect:non-scaling-stroke}.mark.many{opacity:.55;stroke-width:1}.mark.out{stroke:var(--accent)}.mark.in{stroke:var(--even)}
@media (max-width:640px){body{font-size:14px}main{padding:12px 10px 40px}.chart{padding-left:0}.chart .y{left:2px;z-index:1}.chart .y span{right:auto;left:0;background:var(--paper);opacity:.85;padding:0 2px}.chart b{text-align:right}.x{margin-left:0}td.why,th.why{display:none}.pareto text{font-size:15px}.pareto .dot text{font-size:12px}}
@media print{details{break-inside:avoid}}
`;
