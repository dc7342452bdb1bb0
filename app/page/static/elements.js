// The elements that views share. Text becomes text, never HTML: there is no innerHTML in this page.
import {may} from './api.js';
import {address} from './router.js';

// h('p', {class: 'x', onclick: f}, 'text', element, [more]): null and false are left out.
export function h(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (name === 'value') made.value = value;
    else made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false && c !== ''));
  return made;
}

// A button. What the key may not do is shown as disabled, with the scope that it lacks.
export function button(label, {onclick, kind = '', scope, title, disabled, hotkey} = {}) {
  const lacks = scope !== undefined && !may(scope);
  return h('button', {type: 'button', class: kind, onclick: lacks ? undefined : onclick, disabled: lacks || disabled,
    title: lacks ? `This needs a key that may ${scope}` : title, 'aria-keyshortcuts': hotkey},
  label, lacks && h('span', {class: 'needs'}, ` needs ${scope}`), hotkey && !lacks && h('kbd', {}, hotkey));
}

export const link = (text, parts, query, properties = {}) => h('a', {href: address(parts, query), ...properties}, text);

export const chip = (text, kind = '', title) => h('span', {class: `chip ${kind}`, title}, text);
export const labelChip = (label, version) =>
  chip(version === undefined ? label : `${label} ${version}`, label === 'production' ? 'production' : label === 'latest' ? 'quiet' : 'label');
const stateKinds = {success: 'good', failure: 'bad', partial: 'warn', blocked: 'bad', rendered: 'quiet', active: 'good',
  completed: 'quiet', draft: 'label', critical: 'bad', high: 'warn', block: 'bad', redact: 'warn', warn: 'warn'};
export const stateChip = (state) => chip(state, stateKinds[state] ?? 'quiet');

const units = [['year', 31536000], ['month', 2592000], ['day', 86400], ['hour', 3600], ['minute', 60]];
const spoken = new Intl.RelativeTimeFormat('en', {numeric: 'auto'});

// Relative, with the exact time in the viewer's zone and in UTC on hover.
export function when(text) {
  const at = text ? new Date(text) : null;
  if (!at || Number.isNaN(at.getTime())) return h('span', {class: 'muted'}, text ? String(text) : '–');
  const seconds = (at - Date.now()) / 1000;
  const [unit, size] = units.find(([, s]) => Math.abs(seconds) >= s) ?? ['second', 1];
  const words = Math.abs(seconds) < 10 ? 'just now' : spoken.format(Math.round(seconds / size), unit);
  return h('time', {datetime: at.toISOString(), title: `${at.toLocaleString()} (${at.toISOString().slice(0, 19).replace('T', ' ')} UTC)`}, words);
}

export function number(value, digits = 0) {
  return value === null || value === undefined ? '–'
    : Number(value).toLocaleString('en', {minimumFractionDigits: digits, maximumFractionDigits: digits});
}
export const percent = (share, digits = 1) => share === null || share === undefined ? '–' : `${number(share * 100, digits)} %`;
export const milliseconds = (value) => value === null || value === undefined ? '–' : value >= 10000 ? `${number(value / 1000, 1)} s` : `${number(value)} ms`;
export const dollars = (value) => value === null || value === undefined ? '–' : `$${number(value, value !== 0 && Math.abs(value) < 1 ? 4 : 2)}`;

let fieldNumber = 0;
// A label, its input, and a line of help or of what is wrong.
export function field(label, input, help) {
  input.id ||= `field-${++fieldNumber}`;
  const hint = h('p', {class: 'hint', id: `${input.id}-hint`}, help);
  if (help) input.setAttribute('aria-describedby', hint.id);
  const made = h('div', {class: 'field'}, h('label', {for: input.id}, label), input, help && hint);
  return made;
}
export const choice = (options, value, onchange, label) => h('select', {onchange, 'aria-label': label},
  options.map((o) => {
    const [v, text] = Array.isArray(o) ? o : [o, o];
    return h('option', {value: v, selected: v === value}, text);
  }));

// columns: [{title, cell(row), kind: 'number' | ''}]
export function table(caption, columns, rows) {
  return h('div', {class: 'table', role: 'region', 'aria-label': caption, tabindex: 0}, h('table', {},
    h('caption', {class: 'unseen'}, caption),
    h('thead', {}, h('tr', {}, columns.map((c) => h('th', {scope: 'col', class: c.kind}, c.title)))),
    h('tbody', {}, rows.map((row) => h('tr', {class: row.rowClass}, columns.map((c, i) =>
      h(i === 0 ? 'th' : 'td', {scope: i === 0 ? 'row' : undefined, class: c.kind, 'data-title': c.title}, c.cell(row))))))));
}

export const heading = (title, ...actions) =>
  h('div', {class: 'heading'}, h('h1', {tabindex: -1}, title), h('div', {class: 'actions'}, actions));

// Folders of a name as a path that one can click; the last part is where we are.
export function trail(name, isFolder = false) {
  const parts = name === '' ? [] : name.split('/');
  const crumbs = [link('Prompts', ['prompts'])];
  parts.forEach((part, i) => {
    const last = i === parts.length - 1;
    crumbs.push(h('span', {class: 'slash', 'aria-hidden': 'true'}, '/'),
      last ? h('span', {'aria-current': 'page'}, part) : link(part, ['prompts'], {folder: parts.slice(0, i + 1).join('/')}));
  });
  return h('nav', {class: 'trail', 'aria-label': isFolder ? 'Folder' : 'Prompt'}, crumbs);
}

// The states of a view beside the one with content.
export const empty = (title, text, ...actions) =>
  h('div', {class: 'state'}, h('h2', {}, title), h('p', {}, text), actions.length > 0 && h('div', {class: 'actions'}, actions));
export const waiting = () => h('div', {class: 'waiting', role: 'status'}, h('span', {class: 'unseen'}, 'Loading'));

export function failed(problem, again) {
  return h('div', {class: 'problem', role: 'alert'},
    h('p', {}, h('strong', {}, problem.status === 403 || problem.status === 401 ? 'Not allowed. ' : 'That did not work. '), problem.message),
    problem.requestId && h('p', {class: 'small'}, 'Request ', h('code', {}, problem.requestId)),
    again && h('div', {class: 'actions'}, button('Try again', {onclick: again})));
}

// What needs a key says which, and offers to take it.
export const needsKey = (scope, what) =>
  empty(`${what} need a key that may ${scope}`, 'The key stays in the memory of this page, and is forgotten when it is closed.',
    button('Enter a key', {kind: 'primary', onclick: () => document.dispatchEvent(new Event('enter-key'))}));

// Shows the frame at once, a quiet bar after 100 ms, then what `draw` makes of what `fetch` brings; an error with
// "try again". Returns a promise that is done when something is shown.
export async function load(place, fetch, draw) {
  const timer = setTimeout(() => place.replaceChildren(waiting()), 100);
  try {
    const data = await fetch();
    clearTimeout(timer);
    place.replaceChildren(...[draw(data)].flat(Infinity).filter(Boolean));
  } catch (problem) {
    clearTimeout(timer);
    if (problem.name === 'AbortError') return;
    place.replaceChildren(failed(problem, () => load(place, fetch, draw)));
    if (problem.status === undefined) throw problem; // a fault of the page: seen in the console and by its tests
  }
}

// One line at the foot of the window, for what has just happened.
export function say(text, ...actions) {
  const region = document.getElementById('said');
  const line = h('div', {class: 'said'}, h('span', {}, text), actions,
    h('button', {type: 'button', class: 'plain', 'aria-label': 'Dismiss', onclick: () => line.remove()}, '×'));
  region.replaceChildren(line);
  setTimeout(() => line.remove(), actions.length > 0 ? 20000 : 6000);
}

// Next page of a list that has one.
export const pager = (cursor, parts, query) => (cursor || query.cursor) && h('nav', {class: 'actions pager', 'aria-label': 'Pages'},
  query.cursor && link('First page', parts, {...query, cursor: ''}, {class: 'button'}),
  cursor && link('Next page', parts, {...query, cursor}, {class: 'button'}));

// At most one call in `wait` ms, the last one counts.
export function calm(wait, work) {
  let timer = 0;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...args), wait);
  };
}
