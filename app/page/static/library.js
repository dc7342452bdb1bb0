// The whole library as one file: out, and in, where the service first says what would become of it.
import {ask, get} from './api.js';
import {ask as question} from './dialog.js';
import {button, failed, field, h, number, say, table, waiting} from './elements.js';

const rowsMost = 50;

async function download() {
  // As the service writes it, byte for byte: numbers are not read and written again.
  const text = await get('v1/export', {}, {raw: true});
  const url = URL.createObjectURL(new Blob([text], {type: 'application/json'}));
  h('a', {href: url, download: `prompts-${new Date().toISOString().slice(0, 10)}.json`}).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

const things = (count) => `${number(count)} ${count === 1 ? 'thing' : 'things'}`;

const nameOf = (item) => (item.guardrail !== undefined ? `guardrail ${item.guardrail}`
  : `${item.prompt}, ${item.label === undefined ? `version ${item.version}` : `label ${item.label} at ${item.points_to}`}`);

function report({created, unchanged, conflicts, items}) {
  const told = items.filter((i) => i.status !== 200);
  told.sort((a, b) => b.status - a.status); // what differs first
  return [h('p', {}, h('strong', {}, created === 0 ? 'Nothing would be added. ' : `${things(created)} would be added. `),
    unchanged > 0 && `${things(unchanged)} ${unchanged === 1 ? 'is' : 'are'} here already. `, conflicts > 0 && `${things(conflicts)} here ${conflicts === 1 ? 'differs' : 'differ'} and would stay as ${conflicts === 1 ? 'it is' : 'they are'}.`),
  told.length > 0 && table('What would be done', [{title: 'What', cell: nameOf}, {title: 'Would be', cell: (i) => (i.status === 201 ? 'added' : `left: ${i.detail}`)}], told.slice(0, rowsMost)),
  told.length > rowsMost && h('p', {class: 'muted small'}, `The first ${number(rowsMost)} of ${number(told.length)}.`)];
}

async function bringIn() {
  const file = h('input', {type: 'file', accept: '.json,application/json', autofocus: true});
  const shown = h('div', {'aria-live': 'polite'});
  let text = null; // set once the dry run has found something to add
  let asked = 0;
  let done;
  file.addEventListener('change', async () => {
    const mine = ++asked;
    text = null;
    shown.replaceChildren();
    if (file.files.length === 0) return;
    shown.replaceChildren(waiting());
    let drawn;
    let found = null;
    try {
      const read = await file.files[0].text();
      const would = await ask('POST', 'v1/import', {query: {dry_run: true}, body: read});
      drawn = report(would);
      if (would.created > 0) found = read;
    } catch (problem) {
      drawn = failed(problem);
    }
    if (mine !== asked) return;
    text = found;
    shown.replaceChildren(...[drawn].flat().filter(Boolean));
    shown.dispatchEvent(new Event('input', {bubbles: true})); // the button looks again
  });
  await question({title: 'Bring a library in', wide: true, label: 'Add it', ready: () => text !== null,
    content: [field('File', file, 'As the download writes it. You see what would be done before anything is.'), shown],
    act: async () => { done = await ask('POST', 'v1/import', {body: text}); }});
  if (done) say(`${things(done.created)} added${done.conflicts > 0 ? `, ${number(done.conflicts)} left as they were` : ''}.`);
}

export function librarySection() {
  const trouble = h('div', {'aria-live': 'polite'});
  const out = () => {
    trouble.replaceChildren();
    download().catch((problem) => trouble.replaceChildren(failed(problem, out)));
  };
  return h('section', {}, h('div', {class: 'line spread'}, h('h2', {}, 'The library as a file'),
    h('div', {class: 'actions'}, button('Download', {scope: 'write', onclick: out}), button('Bring in…', {scope: 'admin', onclick: bringIn}))),
  h('p', {class: 'muted'}, 'All prompts with their versions and labels, and all guardrails. What is brought in is added; nothing that is here changes.'), trouble);
}
