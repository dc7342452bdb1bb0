// A prompt: text and playground, versions, who moved what. Differences have an address too.
import {ask, get, may, path} from './api.js';
import {ask as question} from './dialog.js';
import {difference, plainText} from './difference.js';
import {hasDraft} from './draft.js';
import {button, chip, choice, empty, failed, field, h, heading, labelChip, link, load, number, say, stateChip, table, trail, when} from './elements.js';
import {playground} from './playground.js';
import {afterMove, release, removeLabel, takeBack} from './release.js';
import {go, here, note} from './router.js';
import {contentText} from './text.js';

const pageLength = 100; // of versions

async function everything(name, wanted) {
  // Where the labels point, however old the version; while the database is lost, those of the versions that are listed.
  const [versions, all] = await Promise.all([get(path('prompts', name, 'versions'), {limit: pageLength}),
    get(path('prompts', name, 'labels')).catch(() => ({labels: {}}))]);
  const labels = Object.fromEntries(Object.entries(all.labels).filter(([, version]) => version !== null));
  for (const v of versions.versions) for (const label of v.labels) labels[label] = v.version;
  const version = Number(wanted) || labels.production || versions.versions[0].version;
  const content = await get(path('prompts', name), {version});
  return {name, versions: versions.versions, more: versions.next_cursor, labels, everLabels: Object.keys({...all.labels, ...labels}), version, content};
}

async function history(name, everLabels) {
  const asked = [...new Set(['production', ...everLabels])].filter((l) => l !== 'latest');
  const lists = await Promise.all(asked.map((label) => get(path('prompts', name, 'labels', label, 'history'), {limit: 50})));
  return lists.flatMap((list) => list.history.map((move) => ({...move, label: list.label}))).sort((a, b) => b.moved_at.localeCompare(a.moved_at));
}

async function describe(prompt, again) {
  const category = h('input', {value: prompt.content.category ?? '', maxlength: 100});
  const description = h('input', {value: prompt.content.description ?? '', autofocus: true});
  const done = await question({title: 'Description and category', label: 'Save', content: [field('What it is for', description), field('Category', category)],
    act: () => ask('PATCH', path('prompts', prompt.name), {body: {category: category.value.trim() || null, description: description.value.trim() || null}})});
  if (done) again();
}

async function archive(prompt) {
  const done = await question({title: `Archive ${prompt.name}`, label: 'Archive', kind: 'danger',
    content: h('p', {}, 'It leaves the list and is not rendered any more. Nothing is deleted. Its labels have to be removed first.'),
    act: () => ask('DELETE', path('prompts', prompt.name))});
  if (done) {
    say(`${prompt.name} is archived.`);
    go(['prompts']);
  }
}

function rendered(answer) {
  const id = answer.execution_id;
  return h('div', {class: 'notice good'}, h('strong', {}, 'Rendered. '), `Version ${answer.version}`,
    answer.experiment && `, variant ${answer.variant} of ${answer.experiment}`, '. ',
    may('write') && id ? link('See the execution', ['executions', id]) : id && h('code', {}, id),
    answer.guardrails.action !== 'allow' && [' ', stateChip(answer.guardrails.action)]);
}

function historySection(prompt, moves, back) {
  if (moves.length === 0) return empty('Nothing was released yet', 'When a label moves, this list says who moved it, when and why.');
  return table('Releases', [
    {title: 'When', cell: (m) => when(m.moved_at)},
    {title: 'Label', cell: (m) => labelChip(m.label)},
    {title: 'From', kind: 'number', cell: (m) => m.from ?? '–'}, {title: 'To', kind: 'number', cell: (m) => m.to ?? 'removed'},
    {title: 'Who', cell: (m) => m.moved_by ?? 'not known'}, {title: 'Why', cell: (m) => m.reason ?? h('span', {class: 'muted'}, 'no reason given')},
    {title: '', cell: (m) => m.from && prompt.labels[m.label] !== undefined && prompt.labels[m.label] !== m.from &&
      button(`Back to ${m.from}`, {scope: 'write', onclick: () => back({label: m.label, from: m.from, to: prompt.labels[m.label]})})},
  ], moves);
}

function versionsSection(prompt, actions, place) {
  const columns = [
    {title: 'Version', cell: (v) => link(`Version ${v.version}`, ['prompts', prompt.name], {version: v.version}, v.version === prompt.version ? {'aria-current': 'true'} : {})},
    {title: 'Labels', cell: (v) => h('span', {class: 'chips'}, v.labels.map((label) => h('span', {class: 'with-action'}, labelChip(label),
      label !== 'latest' && may('write') && h('button', {type: 'button', class: 'plain', 'aria-label': `Remove ${label} from version ${v.version}`, onclick: () => actions.remove(label)}, '×'))))},
    {title: 'Why', cell: (v) => v.commit_message ?? h('span', {class: 'muted'}, 'no reason given')},
    {title: 'Who', cell: (v) => v.created_by ?? h('span', {class: 'muted'}, 'not known')},
    {title: 'When', cell: (v) => when(v.created_at)},
    {title: '', cell: (v) => h('div', {class: 'actions'},
      v.version > 1 && link('Compare', ['prompts', prompt.name], {from: Math.max(1, v.version - 1), to: v.version}, {class: 'button', 'aria-label': `Compare version ${v.version} with the one before`}),
      button('Release', {scope: 'write', title: `Point a label to version ${v.version}`, onclick: () => actions.release(v.version)}))},
  ];
  const trouble = h('div', {'aria-live': 'polite'});
  const older = async () => {
    try {
      const next = await get(path('prompts', prompt.name, 'versions'), {limit: pageLength, cursor: prompt.more});
      prompt.versions.push(...next.versions);
      prompt.more = next.next_cursor;
      place.replaceChildren(...versionsSection(prompt, actions, place).filter(Boolean));
    } catch (problem) {
      trouble.replaceChildren(failed(problem, older));
    }
  };
  return [table('Versions', columns, prompt.versions), prompt.more && h('div', {class: 'actions'},
    h('span', {class: 'muted small'}, `The newest ${number(prompt.versions.length)} are shown.`), button('Show older ones', {onclick: older})), trouble];
}

async function comparison(place, name, {from, to}) {
  await load(place, async () => {
    const [versions, before, after] = await Promise.all([get(path('prompts', name, 'versions'), {limit: 100}),
      get(path('prompts', name, 'versions', from)), get(path('prompts', name, 'versions', to))]);
    return {versions: versions.versions, before, after};
  }, ({versions, before, after}) => {
    const options = versions.map((v) => [String(v.version), `version ${v.version}${v.labels.length > 0 ? ` (${v.labels.join(', ')})` : ''}`]);
    const pick = (which, value, label) => choice(options, value, (event) => go(['prompts', name], {from, to, [which]: event.target.value}), label);
    const configs = [before, after].map((v) => JSON.stringify(v.config, null, 2));
    return [trail(name), heading('Difference', link('Back to the prompt', ['prompts', name], {}, {class: 'button'})),
      h('div', {class: 'line'}, pick('from', from, 'From version'), 'to', pick('to', to, 'To version')),
      difference(`version ${from}`, plainText(before), `version ${to}`, plainText(after)),
      configs[0] !== configs[1] && [h('h2', {}, 'Settings for the model'), difference(`version ${from}`, configs[0], `version ${to}`, configs[1])]];
  });
  return {title: `${name}: ${from} and ${to}`};
}

export async function show(place, {parts, query}) {
  const name = parts.slice(1).join('/');
  if (query.from && query.to) return comparison(place, name, query);
  const keys = {};
  let tried = null;
  let told = null; // what was just done, shown above until one leaves
  const again = () => draw();
  async function draw() {
    tried?.close();
    await load(place, () => everything(name, here().query.version ?? query.version), (prompt) => {
      const {content, labels} = prompt;
      const run = async (variables) => {
        try {
          return rendered(await ask('POST', path('prompts', name, 'render'), {query: {durable: true}, body: {variables, version: prompt.version}}));
        } catch (problem) {
          if (problem.code !== 'guardrail-blocked') throw problem;
          return h('div', {class: 'notice bad'}, h('strong', {}, 'Blocked. '), problem.message, ' ', may('write') && problem.body.execution_id && link('See the execution', ['executions', problem.body.execution_id]));
        }
      };
      tried = playground({name, content: () => (content.messages ? {messages: content.messages} : {template: content.template}), run});
      const moveTo = async (version, given) => moved(await (given ? takeBack(name, given, labels) : release(name, version, labels)));
      const moved = (done) => {
        if (!done) return;
        const now = {...labels, [done.label]: done.to};
        told = afterMove(done, async () => moved(await takeBack(name, done, now)));
        again();
      };
      const remove = async (label) => { if (await removeLabel(name, label)) again(); };
      const edit = () => go(['edit', name], prompt.version === prompt.versions[0].version ? {} : {version: prompt.version});
      Object.assign(keys, {e: edit, 'Ctrl+Enter': () => tried.render()});
      const own = Object.keys(labels).filter((l) => labels[l] === prompt.version).sort();
      const moves = h('div', {});
      load(moves, () => history(name, prompt.everLabels), (list) => historySection(prompt, list, (given) => moveTo(given.from, given)));
      setTimeout(() => tried.refresh());
      const versions = h('div', {});
      versions.append(...versionsSection(prompt, {release: (v) => moveTo(v), remove}, versions).filter(Boolean));
      const isListed = prompt.versions.some((v) => v.version === prompt.version);
      const listed = isListed ? prompt.versions : [...prompt.versions, {version: prompt.version, labels: own}];
      const pick = choice(listed.map((v) => [String(v.version), `Version ${v.version}${v.labels.length > 0 ? ` – ${v.labels.join(', ')}` : ''}`]), String(prompt.version), (event) => {
        note({version: event.target.value});
        again();
      }, 'Version that is shown');
      return [trail(name),
        heading(name.split('/').pop(), hasDraft(name) && chip('unsaved changes', 'warn'), button('Edit', {scope: 'write', hotkey: 'e', onclick: edit}),
          button('Release…', {kind: 'primary', scope: 'write', onclick: () => moveTo(prompt.version)})),
        h('p', {class: 'about'}, content.description || h('span', {class: 'muted'}, 'No description.'), ' ', content.category && chip(content.category, 'quiet'), ' ',
          may('write') && h('button', {type: 'button', class: 'plain link', onclick: () => describe(prompt, again)}, 'Change')),
        content.source === 'builtin' && h('p', {class: 'notice'}, 'This is the copy in the program; the database holds none.'), told,
        h('div', {class: 'two'}, h('section', {'aria-label': 'Text'}, h('div', {class: 'line spread'}, h('h2', {}, 'Text'), pick),
          h('p', {class: 'small muted'}, h('span', {class: 'chips'}, own.map((l) => labelChip(l))), ' ', content.created_by ?? 'not known', ', ', when(content.created_at), content.commit_message && `: ${content.commit_message}`),
          contentText(content), Object.keys(content.config ?? {}).length > 0 && h('details', {}, h('summary', {}, 'Settings for the model'), h('pre', {class: 'text', tabindex: 0}, JSON.stringify(content.config, null, 2)))), tried.element),
        h('section', {}, h('h2', {}, 'Versions'), versions),
        h('section', {}, h('h2', {}, 'Releases: who moved what, when and why'), moves),
        h('p', {class: 'actions'}, may('write') && link('Executions of this prompt', ['executions'], {prompt: name}, {class: 'button'}),
          may('write') && link('Start an experiment', ['experiments'], {new: name}, {class: 'button'}), button('Archive', {scope: 'write', onclick: () => archive(prompt)}))];
    });
  }
  await draw();
  return {title: name, keys, leave: () => tried?.close()};
}
