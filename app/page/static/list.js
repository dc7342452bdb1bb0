// Find and read: folders, search, pages.
import {get, may} from './api.js';
import {address, go, note} from './router.js';
import {button, calm, chip, empty, field, h, heading, labelChip, link, load, number, pager, percent, table, trail, when} from './elements.js';

const pageLength = 50;

// Calls and share of errors of the last day by prompt; empty where the key may not see them.
async function lastDay() {
  const calls = new Map();
  if (!may('write')) return calls;
  try {
    for (const row of (await get('v1/analytics/prompts', {interval: 'day'})).prompts) {
      const sum = calls.get(row.name) ?? {requests: 0, wrong: 0};
      sum.requests += row.requests;
      sum.wrong += row.failure + row.partial + row.blocked;
      calls.set(row.name, sum);
    }
  } catch { /* the list is shown without them */ }
  return calls;
}

function labelsOf(prompt) {
  const names = Object.entries(prompt.labels).filter(([label]) => label !== 'latest');
  names.sort(([a], [b]) => (b === 'production') - (a === 'production') || a.localeCompare(b));
  return names.length > 0 ? h('span', {class: 'chips'}, names.map(([label, version]) => labelChip(label, version)))
    : h('span', {class: 'muted'}, 'not released');
}

function callsCell(name, calls) {
  const day = calls.get(name);
  if (!day) return h('span', {class: 'muted'}, '–');
  return h('span', {}, number(day.requests), day.wrong > 0 && h('span', {class: 'bad-text'}, ` · ${percent(day.wrong / day.requests)} failed`));
}

function promptsTable(prompts, shownFrom, calls) {
  return table('Prompts', [
    {title: 'Name', cell: (p) => [link(p.name.slice(shownFrom), ['prompts', p.name], {}, {class: 'name'}),
      p.description && h('div', {class: 'small muted clip'}, p.description)]},
    {title: 'Labels', cell: labelsOf},
    {title: 'Category', cell: (p) => (p.category ? chip(p.category, 'quiet') : '')},
    {title: 'Newest', kind: 'number', cell: (p) => p.latest_version},
    {title: 'Changed', cell: (p) => when(p.updated_at)},
    ...(may('write') ? [{title: 'Calls, 24 h', kind: 'number', cell: (p) => callsCell(p.name, calls)}] : []),
  ], prompts);
}

export async function show(place, {query}) {
  let {folder = '', q = '', label = '', cursor = ''} = query;
  let asked = 0;
  let calls = new Map();
  const input = h('input', {id: 'search', type: 'search', value: q, placeholder: 'Name, text or category', autocomplete: 'off', 'aria-keyshortcuts': '/'});
  const labelInput = h('input', {type: 'search', value: label, placeholder: 'any', list: 'common-labels', autocomplete: 'off'});
  const shown = h('div', {});
  const count = h('p', {class: 'small muted', role: 'status'});

  const draw = (found) => {
    const searching = q !== '' || label !== '';
    const folders = searching || cursor ? [] : found.folders ?? [];
    count.textContent = searching ? `${found.next_cursor ? 'The first ' : ''}${number(found.prompts.length)} ${found.prompts.length === 1 ? 'prompt' : 'prompts'} found${folder ? ` in ${folder}` : ''}` : '';
    if (found.prompts.length === 0 && folders.length === 0) {
      return searching
        ? empty('Nothing found', 'No prompt has this in its name, description, category or newest text.', button('Show all', {onclick: () => go(['prompts'])}))
        : empty(folder ? 'This folder is empty' : 'There are no prompts yet', 'A prompt is a named text for a language model, with variables in it. Write the first one.',
          button('New prompt', {kind: 'primary', scope: 'write', onclick: () => go(['new'], {folder})}));
    }
    return [
      folders.length > 0 && h('ul', {class: 'folders', 'aria-label': 'Folders'}, folders.map((f) => h('li', {},
        h('a', {href: address(['prompts'], {folder: folder ? `${folder}/${f.name}` : f.name})}, h('span', {class: 'name'}, `${f.name}/`),
          h('span', {class: 'muted'}, ` ${number(f.prompts)}`))))),
      found.prompts.length > 0 && promptsTable(found.prompts, searching || !folder ? 0 : folder.length + 1, calls),
      pager(found.next_cursor, ['prompts'], {folder, q, label, cursor}),
    ];
  };
  const fetchPage = () => get('v1/prompts', {folder: folder || '/', q, label, cursor, limit: pageLength});
  const refresh = async () => {
    const mine = ++asked;
    const target = h('div', {});
    if (shown.childElementCount === 0) shown.replaceChildren(target);
    await load(target, async () => {
      const found = await fetchPage();
      if (mine !== asked) throw new DOMException('overtaken', 'AbortError');
      return found;
    }, draw);
    if (mine === asked && shown.firstChild !== target) shown.replaceChildren(target);
  };
  const search = calm(120, () => {
    [q, label, cursor] = [input.value.trim(), labelInput.value.trim(), ''];
    note({folder, q, label});
    refresh();
  });
  input.addEventListener('input', search);
  labelInput.addEventListener('input', search);

  place.replaceChildren(
    heading('Prompts', button('New prompt', {kind: 'primary', scope: 'write', hotkey: 'n', onclick: () => go(['new'], {folder})})),
    h('div', {class: 'filters', role: 'search'}, field('Search', input), field('Label', labelInput),
      h('datalist', {id: 'common-labels'}, ['production', 'staging', 'latest'].map((value) => h('option', {value})))),
    folder && trail(folder, true), count, shown);
  await refresh();
  if (query.focus === 'search') {
    note({folder, q, label});
    input.focus();
  }
  lastDay().then((found) => {
    calls = found;
    if (found.size > 0) refresh();
  });
  return {title: folder, keys: {'/': () => { input.focus(); input.select(); }}};
}
