// The boot report, the model prices, the library as a file, keys, and what was changed by whom.
import {ask, get, may, path, probe} from './api.js';
import {ask as question} from './dialog.js';
import {button, chip, choice, empty, field, h, heading, load, milliseconds, number, pager, say, table, when} from './elements.js';
import {librarySection} from './library.js';
import {here} from './router.js';

const row = (title, content) => content !== null && content !== undefined && content !== '' && [h('dt', {}, title), h('dd', {}, content)];
const modes = {apply: 'apply: brings the schema up to date at the start', verify: 'verify: checks it, changes nothing', wait: 'wait: until another one has brought it up to date', skip: 'skip: does not look'};

function report({body, ready}) {
  return [h('dl', {}, row('State', [chip(body.state, body.state === 'open' ? 'good' : 'warn'), ready.degraded ? h('span', {class: 'warn-text'}, ` degraded: ${ready.reason}`) : ' answers requests']),
    row('Schema version', body.schema_version), row('Admission', body.admission), row('Mode', modes[body.mode] ?? body.mode), row('Start took', milliseconds(body.elapsed_ms)),
    row('Waited for a lock', milliseconds(body.lock_wait_ms)), row('Migrations applied', body.applied ? `${body.applied}: ${(body.applied_migrations ?? []).join(', ')}` : 'none were due'),
    row('Database newer than the program', body.database_newer ? 'yes' : 'no'), row('Catalog', body.catalog && h('code', {}, body.catalog)), row('Last decision', body.code)),
  h('details', {}, h('summary', {}, `The ${number(body.steps.length)} steps of the start`), h('ol', {class: 'steps'}, body.steps.map((s) => h('li', {}, h('span', {}, s.step.replaceAll('_', ' ')), s.script && h('code', {}, s.script), h('span', {class: 'muted'}, milliseconds(s.elapsed_ms))))))];
}

async function newKey(again) {
  const name = h('input', {maxlength: 255, autofocus: true, placeholder: 'who or what will use it'});
  const scope = choice([['read', 'read: fetch and render'], ['write', 'write: also change prompts'], ['admin', 'admin: everything']], 'read');
  let made;
  await question({title: 'New key', label: 'Make the key', ready: () => name.value.trim() !== '', content: [field('Name', name), field('It may', scope)],
    act: async () => { made = await ask('POST', 'v1/keys', {body: {name: name.value.trim(), scope: scope.value}}); }});
  if (!made) return;
  await question({title: `The key of ${made.name}`, content: [h('p', {}, 'This is the only time that it is shown. Whoever has it may ', h('strong', {}, made.scope), '.'), field('Key', h('input', {value: made.key, readonly: true, class: 'mono', onfocus: (e) => e.target.select()}))]});
  again();
}

async function revoke(key, again) {
  const done = await question({title: `Revoke the key of ${key.name}`, label: 'Revoke', kind: 'danger', content: h('p', {}, 'It ends on every replica within about a second.'), act: () => ask('DELETE', path('keys', key.id))});
  if (done) again();
}

const keysTable = (keys, again) => table('Keys', [
  {title: 'Name', cell: (k) => h('span', {class: 'name'}, k.name)}, {title: 'May', cell: (k) => k.scope}, {title: 'Made', cell: (k) => when(k.created_at)}, {title: 'By', cell: (k) => k.created_by ?? ''},
  {title: 'State', cell: (k) => (k.revoked_at ? ['revoked ', when(k.revoked_at)] : k.expires_at ? ['ends ', when(k.expires_at)] : 'in use')},
  {title: '', cell: (k) => !k.revoked_at && button('Revoke', {onclick: () => revoke(k, again)})}], keys);

const auditTable = (rows) => table('Audit', [
  {title: 'When', cell: (a) => when(a.at)}, {title: 'Who', cell: (a) => a.actor ?? ''}, {title: 'Did', cell: (a) => a.action},
  {title: 'To', cell: (a) => a.object_name ?? ''}, {title: 'Details', cell: (a) => h('code', {class: 'small'}, JSON.stringify(a.details))}], rows);

function section(title, scope, fetch, draw, ...actions) {
  const shown = h('div', {});
  const again = () => load(shown, fetch, (data) => draw(data, again));
  if (may(scope)) again();
  else shown.append(h('p', {class: 'muted'}, `This needs a key that may ${scope}.`));
  return h('section', {}, h('div', {class: 'line spread'}, h('h2', {}, title), actions.map((make) => make(again))), shown);
}

async function setPrice(again, price = {}) {
  const model = h('input', {value: price.model ?? '', disabled: Boolean(price.model)});
  const [input, output] = [price.input_usd_per_million ?? '', price.output_usd_per_million ?? ''].map((value) => h('input', {type: 'number', min: 0, step: 'any', value}));
  const done = await question({title: price.model ? `Price of ${price.model}` : 'New price', label: 'Save', ready: () => model.value.trim() !== '' && input.value !== '' && output.value !== '',
    content: [field('Model', model), h('div', {class: 'fields'}, field('Input, $ for a million tokens', input), field('Output, $ for a million tokens', output))],
    act: () => ask('PUT', path('prices', model.value.trim()), {body: {input_usd_per_million: Number(input.value), output_usd_per_million: Number(output.value)}})});
  if (done) {
    say('The price is saved. It counts for what is reported from now on.');
    again();
  }
}

export async function show(place) {
  const gate = h('div', {});
  const {cursor = ''} = here().query;
  place.replaceChildren(heading('Service'), h('section', {}, h('h2', {}, 'Start'), gate),
    section('Prices of models', 'read', () => get('v1/prices'), ({prices}, again) => (prices.length === 0 ? empty('No prices', 'With the price of a model, the cost of an execution is worked out from its tokens.')
      : table('Prices', [{title: 'Model', cell: (p) => h('span', {class: 'name'}, p.model)}, {title: '$ in, for a million', kind: 'number', cell: (p) => number(p.input_usd_per_million, 3)}, {title: '$ out', kind: 'number', cell: (p) => number(p.output_usd_per_million, 3)},
        {title: 'Changed', cell: (p) => when(p.updated_at)}, {title: '', cell: (p) => button('Change', {scope: 'write', onclick: () => setPrice(again, p)})}], prices)),
    (again) => button('New price', {scope: 'write', onclick: () => setPrice(again)})),
    librarySection(),
    section('Keys', 'admin', () => get('v1/keys'), ({keys}, again) => keysTable(keys, again), (again) => button('New key', {scope: 'admin', onclick: () => newKey(again)})),
    section('Who changed what', 'admin', () => get('v1/audit', {limit: 20, cursor}), ({audit, next_cursor}) => [auditTable(audit), pager(next_cursor, ['service'], {cursor})]));
  await load(gate, async () => ({body: (await probe('v1/gate')).body, ready: (await probe('readyz')).body}), report);
  return {title: 'Service'};
}
