'use strict';
const report = JSON.parse(document.getElementById('data').textContent);
const total = report.time.reduce((sum, each) => sum + each.time, 0);

/** Makes an element: attributes by name, then children, which may be strings, lists or nothing. */
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'onclick') element.addEventListener('click', value);
    else element.setAttribute(name, value);
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined));
  return element;
}

const share = (part, whole) => whole === 0 ? '' : (100 * part / whole).toFixed(1) + ' %';
const milliseconds = time => (time / 1e6).toFixed(1);
const count = number => Number(number).toLocaleString('en');
const ratio = (a, b) => a === undefined || !b ? '' : (a / b).toFixed(2);

function put(id, ...children) {
  document.getElementById(id).append(...children);
}

function table(headings, rows) {
  return make('div', {class: 'scroll'}, make('table', {},
    make('thead', {}, make('tr', {}, headings.map(([text, kind]) => make('th', {class: kind ?? ''}, text)))),
    make('tbody', {}, rows.map(cells => make('tr', {}, cells.map((cell, i) =>
      make('td', {class: headings[i][1] ?? ''}, cell)))))));
}

function bar(...parts) {
  return make('span', {class: 'bar'}, parts.map(([kind, part, whole]) =>
    make('i', {class: kind, style: 'width:' + (whole ? 100 * part / whole : 0) + '%'})));
}

function showSummary() {
  const run = milliseconds(report.nanoseconds) + ' ms, ' + report.end;
  document.getElementById('summary').textContent = run + ', ' + report.date + '. ' +
    count(report.samples) + ' samples of ' + milliseconds(total) + ' ms of guest threads.';
}

function showTime() {
  const kind = each => each.kind === 'code' ? each.name.replace(/:.*/, '') : each.kind;
  put('time',
    make('div', {class: 'stack', role: 'img', 'aria-label': 'time by what guest threads did'},
      report.time.filter(each => each.time > 0).map(each => make('i', {
        class: kind(each), style: 'flex:' + each.time, title: each.name + ' ' + share(each.time, total)}))),
    table([['guest threads were in', 'text'], ['ms'], ['share']], report.time.map(each => [
      [make('span', {class: 'key ' + kind(each)}), each.name],
      milliseconds(each.time), share(each.time, total)])));
}

function showFunctions() {
  const shown = report.functions.slice(0, 40);
  const most = shown.length ? shown[0].time : 0;
  if (!shown.length) {
    put('functions', make('p', {class: 'faint'}, 'No sample was taken in translated code.'));
    return;
  }
  put('functions', table(
    [['function', 'text'], ['file', 'text'], ['ms'], ['share'], ['in regions'], ['', 'text']],
    shown.map(each => [
      each.name, each.file, milliseconds(each.time), share(each.time, total),
      share(each.inRegions, each.time),
      bar(['region', each.inRegions, most], ['code', each.time - each.inRegions, most])])));
  if (report.functions.length > shown.length) {
    put('functions', make('p', {class: 'faint'},
      'and ' + (report.functions.length - shown.length) + ' more with less time'));
  }
}

function showTranslations() {
  const most = Math.max(1, ...report.translations.map(each => each.time));
  const counted = report.translations.some(each => each.entries !== undefined);
  const headings = [['translation', 'text'], ['kind', 'text'], ['ms'], ['share'], ['', 'text'],
    ['guest instructions'], ['host, in line'], ['host/guest'], ['memory places']];
  if (counted) headings.push(['entries'], ['guest executed'], ['host/guest executed']);
  put('translations', table(headings, report.translations.map((each, i) => {
    const cells = [
      make('a', {href: '#t' + i, onclick: () => { document.getElementById('t' + i).open = true; }},
        each.place),
      [make('span', {class: 'tag ' + each.kind}, each.kind), each.dropped ? ' ' + each.dropped : ''],
      milliseconds(each.time), share(each.time, total),
      bar([each.kind === 'region' ? 'region' : 'code', each.time, most]),
      count(each.guest), each.hostInLine ?? '', ratio(each.hostInLine, each.guest),
      each.memoryPlaces ?? ''];
    if (counted) cells.push(
      count(each.entries ?? 0), count(each.guestRun ?? 0), ratio(each.hostRun, each.guestRun));
    return cells;
  })));
}

/** The loops of a region: where they are entered, and how many ways there are out of them. */
function loops(code) {
  const heads = code.nodes.filter(node => node.head);
  if (!heads.length) return null;
  return make('ul', {class: 'loops faint'}, heads.map(head => make('li', {},
    '\u00a0'.repeat(4 * Math.max(0, head.depth - 1)) + '\u21bb loop at ' + head.pc + ', depth ' + head.depth +
    ', node ' + head.number)), make('li', {},
    code.nodes.length - 1 + ' nodes, ' +
    code.nodes.reduce((sum, node) => sum + node.leaves.length, 0) + ' ways out'));
}

function hostLine(line, time) {
  const heat = line.time && time ? line.time / time : 0;
  return make('div', {
    class: line.mark ? 'mark-' + line.mark : '',
    style: heat ? 'background:rgba(var(--heat),' + Math.min(.75, .08 + heat).toFixed(2) + ')' : '',
    title: heat ? share(line.time, time) + ' of this translation' : ''},
  make('u', {}, line.at), make('span', {}, line.text), line.note ? make('em', {}, line.note) : null);
}

function irLines(text) {
  return text.split('\n').map(line => make('div', {
    class: /^(way out|moves) /.test(line) ? 'faint' : /leaves|^(JUMP_INDIRECT|RETURN|TRAP|CALL)/.test(line) ? 'leaves'
      : /spill/.test(line) ? 'mark-spill' : ''}, line));
}

function nodeHeading(code, row) {
  const node = code.nodes[row.node];
  const words = row.entry ? ['entry: guest registers go to where the region has them']
    : ['node ' + node.number, node.head ? 'loop head, polls' : null, 'depth ' + node.depth,
      node.next.length ? 'to node ' + node.next.join(', ') : null,
      node.leaves.length ? 'leaves for ' + node.leaves.join(', ') : null];
  return make('tr', {class: 'node' + (node.head ? ' head' : '')},
    make('td', {colspan: 5}, words.filter(Boolean).join(' \u00b7 ')));
}

function listing(each) {
  const code = each.code;
  const cells = [];
  const rows = [];
  let node = -1;
  for (const row of code.rows) {
    if (row.node !== node && each.kind === 'region') rows.push(nodeHeading(code, row));
    node = row.node;
    const ir = make('td', {class: row.entry ? 'ir entry' : 'ir'});
    const lines = make('section', {});
    ir.append(lines);
    cells.push([lines, row.ir]);
    const depth = code.nodes[row.node].depth;
    rows.push(make('tr', {},
      make('td', {class: 'share'}, row.time ? share(row.time, each.time) : ''),
      make('td', {class: 'pc', title: row.place},
        Array.from({length: depth}, () => make('span', {})), row.entry ? '' : row.pc),
      make('td', {class: 'guest'}, row.guest), ir,
      make('td', {}, row.host.map(line => hostLine(line, each.time)))));
  }
  const show = stage => cells.forEach(([cell, ir]) =>
    cell.replaceChildren(...(ir[stage] ? irLines(ir[stage]) : [])));
  const buttons = code.stages.map((name, i) => make('button', {
    type: 'button', 'aria-pressed': 'false', onclick: () => press(i)}, name));
  function press(stage) {
    buttons.forEach((button, i) => button.setAttribute('aria-pressed', String(i === stage)));
    show(stage);
  }
  press(code.stages.length - 1);
  return [make('div', {class: 'stages'}, 'IR:', buttons),
    make('div', {class: 'scroll'}, make('table', {class: 'listing'},
      make('thead', {}, make('tr', {},
        make('th', {class: 'share'}, 'share'), make('th', {class: 'pc'}, 'address'),
        make('th', {class: 'guest'}, 'guest'), make('th', {class: 'ir'}, 'IR'), make('th', {}, 'host'))),
      make('tbody', {}, rows)))];
}

function aside(each) {
  if (!each.code.aside.length) return null;
  return make('details', {}, make('summary', {},
    'Out of line: ' + each.code.aside.length + ' pieces (moves, ways out, stops, link stubs)'),
  make('div', {class: 'scroll'}, make('table', {class: 'listing'},
    make('thead', {}, make('tr', {}, make('th', {class: 'share'}, 'share'),
      make('th', {class: 'pc'}, 'for guest'), make('th', {class: 'guest'}, 'what'), make('th', {}, 'host'))),
    make('tbody', {}, each.code.aside.map(piece => make('tr', {},
      make('td', {class: 'share'}, piece.time ? share(piece.time, each.time) : ''),
      make('td', {class: 'pc', title: piece.place}, piece.pc),
      make('td', {class: 'guest'}, piece.kind + (piece.reason ? ': ' + piece.reason : '')),
      make('td', {}, piece.host.map(line => hostLine(line, each.time)))))))));
}

/** Sections are filled when they are opened, since some have thousands of lines. */
function showCode() {
  report.translations.forEach((each, i) => {
    const body = make('div', {class: 'body'});
    const section = make('details', {class: 'translation', id: 't' + i},
      make('summary', {}, make('span', {class: 'tag ' + each.kind}, each.kind), make('b', {}, each.place),
        make('span', {class: 'faint'}, [share(each.time, total), each.guest + ' guest instructions',
          each.hostBytes + ' bytes of host code'].filter(Boolean).join(', '))), body);
    section.addEventListener('toggle', () => {
      if (section.open && !body.hasChildNodes()) {
        body.append(...[
          each.noRegion ? make('p', {class: 'faint'}, 'No region: ' + each.noRegion + '.') : null,
          loops(each.code), listing(each), aside(each)].flat().filter(Boolean));
      }
    });
    section.open = i === 0;
    put('code', section);
  });
  if (!report.capstone) {
    put('code', make('p', {class: 'notice'},
      'Host code is shown as bytes, since the Capstone library (libcapstone) was not found.'));
  }
}

function showDone() {
  const pairs = (object, kind) => table([['', 'text'], ['', kind]],
    Object.entries(object).map(([name, value]) => [name, typeof value === 'number' ? count(value) : value]));
  put('work', pairs(report.work, ''));
  put('machine', pairs(report.machine, 'wide text'));
  put('threads', table([['', 'text'], ['ms']],
    Object.entries(report.threads).map(([name, time]) => [name, milliseconds(time)])));
  if (!report.refusals.length) {
    put('refusals', make('p', {class: 'faint'}, 'None.'));
    return;
  }
  put('refusals', table([['why', 'wide text'], ['places'], ['where', 'wide text']], report.refusals.map(each => [
    each.reason, count(each.count),
    each.places.join(', ') + (each.count > each.places.length ? ', \u2026' : '')])));
}

showSummary();
showTime();
showFunctions();
showTranslations();
showCode();
showDone();
