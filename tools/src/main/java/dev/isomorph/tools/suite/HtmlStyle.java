package dev.isomorph.tools.suite;

/** How the HTML report looks; it has no parts outside its one file, and no scripts. */
final class HtmlStyle {
  static final String CSS =
      """
      :root { color-scheme: light dark; --ink: #1c2430; --faint: #667085; --paper: #fff;
        --line: #d9dee6; --pass: #137a45; --pass-soft: #dff3e6; --fail: #b3261e;
        --fail-soft: #fbe0de; --skip: #667085; --skip-soft: #eceff3; }
      @media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --faint: #98a2b3;
        --paper: #14181f; --line: #333b47; --pass: #6fd39b; --pass-soft: #173726;
        --fail: #ff9a92; --fail-soft: #4a1f1c; --skip: #98a2b3; --skip-soft: #272e38; } }
      * { box-sizing: border-box; }
      body { margin: 0 auto; max-width: 82rem; padding: 1.5rem; background: var(--paper);
        color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
      h1 { margin: 0; font-size: 1.6rem; } h2 { margin: 2.2rem 0 .6rem; font-size: 1.2rem; }
      h3 { margin: 0 0 .3rem; font-size: 1rem; } h3 small { font-weight: 400; }
      small, .faint { color: var(--faint); }
      table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
      th, td { padding: .18rem .6rem; border-bottom: 1px solid var(--line); text-align: right; }
      td { white-space: nowrap; }
      th:first-child { text-align: left; font-weight: 400; }
      thead th, thead th:first-child { font-weight: 600; white-space: nowrap; }
      tr.all > * { font-weight: 600; border-bottom: 0; }
      .verdict { font-size: 1.15rem; margin: .3rem 0 .8rem; font-weight: 600; }
      .verdict.pass { color: var(--pass); } .verdict.fail { color: var(--fail); }
      .bar { display: flex; width: 11rem; height: .7rem; border-radius: .35rem;
        overflow: hidden; background: var(--skip-soft); }
      .bar i { display: block; } .bar .pass { background: var(--pass); }
      .bar .fail { background: var(--fail); }
      .matrices { columns: auto var(--column); column-gap: 2rem; }
      .matrices section { break-inside: avoid; padding-bottom: 1.6rem; }
      .matrix tbody td { min-width: 3.4rem; text-align: center; cursor: default;
        border: 1px solid var(--paper); border-radius: .3rem; }
      .matrix thead th { text-align: center; }
      .matrix thead th:first-child { text-align: left; }
      td.pass { background: var(--pass-soft); color: var(--pass); }
      td.fail { background: var(--fail-soft); color: var(--fail); font-weight: 700; }
      td.skip { background: var(--skip-soft); color: var(--skip); }
      .matrix a { color: inherit; }
      body:has(#bad:checked) .only-good { display: none; }
      .failure { border-left: .25rem solid var(--fail); margin: .8rem 0; padding: .1rem .9rem; }
      .failure p { margin: .2rem 0; }
      pre { margin: .3rem 0; padding: .5rem .7rem; background: var(--skip-soft);
        border-radius: .4rem; overflow-x: auto; font-size: .85rem; white-space: pre-wrap;
        overflow-wrap: anywhere; }
      @media (max-width: 40rem) { .bar { display: none; } }
      """;

  private HtmlStyle() {}
}
