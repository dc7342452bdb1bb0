// Experiments: the list, and making one with weights that always sum to 100.
import {ask, get, may, path} from './api.js';
import {button, calm, choice, empty, failed, field, h, heading, link, load, needsKey, number, pager, stateChip, table, when} from './elements.js';
import {go} from './router.js';

export const metrics = {success_rate: 'share of successes (higher is better)', score: 'score (higher is better)', latency_ms: 'time (lower is better)', cost_usd: 'cost (lower is better)', tokens: 'tokens (fewer are better)'};
const letters = ['control', 'b', 'c', 'd', 'e', 'f'];

// Gives `at` the weight `value`; the others share the rest as they did before, in whole numbers.
export function weigh(weights, at, value) {
  const rest = 100 - value;
  const others = weights.map((w, i) => (i === at ? 0 : w));
  const sum = others.reduce((a, b) => a + b, 0);
  const exact = others.map((w, i) => (i === at ? value : sum === 0 ? rest / (weights.length - 1) : (w * rest) / sum));
  const out = exact.map(Math.floor);
  const order = exact.map((w, i) => [w - out[i], i]).filter(([, i]) => i !== at).sort((a, b) => b[0] - a[0]);
  for (let left = 100 - out.reduce((a, b) => a + b, 0), k = 0; left > 0; --left, ++k) ++out[order[k % order.length][1]];
  return out;
}

function variantsEditor(versions) {
  const byLabel = (label) => versions.find((v) => v.labels.includes(label))?.version;
  const first = byLabel('production') ?? versions.at(-1).version;
  const second = versions[0].version !== first ? versions[0].version : versions[1]?.version ?? first;
  let rows = [{name: letters[0], version: first, weight: 50}, {name: letters[1], version: second, weight: 50}];
  const place = h('div', {class: 'variants'});
  const options = versions.map((v) => [String(v.version), `version ${v.version}${v.labels.length > 0 ? ` (${v.labels.join(', ')})` : ''}`]);
  const share = () => { rows.forEach((row, i) => { row.weight = Math.floor(100 / rows.length) + (i < 100 % rows.length ? 1 : 0); }); };
  function draw() {
    const sliders = [];
    const outputs = [];
    const tell = () => rows.forEach((row, i) => {
      sliders[i].value = row.weight;
      sliders[i].setAttribute('aria-valuetext', `${row.weight} of 100`);
      outputs[i].textContent = `${row.weight} %`;
    });
    place.replaceChildren(...rows.map((row, i) => {
      sliders[i] = h('input', {type: 'range', min: 0, max: 100, step: 1, 'aria-label': `Weight of ${row.name}`, oninput: (event) => {
        const weights = weigh(rows.map((r) => r.weight), i, Number(event.target.value));
        rows.forEach((r, k) => { r.weight = weights[k]; });
        tell();
      }});
      outputs[i] = h('output', {});
      return h('div', {class: 'row'}, h('strong', {}, row.name), choice(options, String(row.version), (e) => { row.version = Number(e.target.value); }, `Version of ${row.name}`), sliders[i], outputs[i],
        button('Remove', {disabled: rows.length <= 2, title: `Remove ${row.name}`, onclick: () => {
          rows.splice(i, 1);
          rows.forEach((r, k) => { r.name = letters[k]; });
          share();
          draw();
        }}));
    }), h('div', {class: 'actions'}, button('Add a variant', {disabled: rows.length >= letters.length, onclick: () => {
      rows.push({name: letters[rows.length], version: versions[0].version, weight: 0});
      share();
      draw();
    }}), h('span', {class: 'small muted'}, 'The weights always sum to 100. While it runs they cannot change.')));
    tell();
  }
  draw();
  return {element: place, value: () => rows.map((r) => ({...r}))};
}

async function create(place, prompt) {
  const name = h('input', {maxlength: 100, spellcheck: false});
  const promptInput = h('input', {value: prompt === '1' ? '' : prompt, list: 'prompts-known', autocomplete: 'off', spellcheck: false});
  const known = h('datalist', {id: 'prompts-known'});
  const metric = choice(Object.entries(metrics), 'success_rate');
  const sample = h('input', {type: 'number', min: 1, value: 1000});
  const variants = h('div', {}, h('p', {class: 'muted'}, 'Choose a prompt; its versions appear here.'));
  const trouble = h('div', {});
  let editor = null;
  let asked = 0;
  async function take() {
    const mine = ++asked;
    editor = null;
    const wanted = promptInput.value.trim();
    if (wanted === '') return;
    try {
      const {versions} = await get(path('prompts', wanted, 'versions'), {limit: 100});
      if (mine !== asked) return;
      if (name.value === '') name.value = `${wanted.split('/').pop()}-${new Date().toISOString().slice(0, 10)}`;
      if (versions.length < 2) return variants.replaceChildren(h('p', {class: 'notice warn'}, 'This prompt has one version only. Save a second one, then compare them.'));
      editor = variantsEditor(versions);
      variants.replaceChildren(editor.element);
    } catch {
      if (mine === asked) variants.replaceChildren(h('p', {class: 'muted'}, 'There is no prompt of this name yet. Choose one that the list offers.'));
      const {prompts} = await get('v1/prompts', {q: wanted, limit: 20}).catch(() => ({prompts: []}));
      known.replaceChildren(...prompts.map((p) => h('option', {value: p.name})));
    }
  }
  promptInput.addEventListener('input', calm(200, take));
  const save = (start) => async () => {
    try {
      if (!editor) throw new Error('Choose a prompt that has two versions.');
      const made = await ask('POST', 'v1/experiments', {body: {name: name.value.trim(), prompt: promptInput.value.trim(), variants: editor.value(), metric: metric.value, minimum_sample_size: Number(sample.value)}});
      if (start) await ask('POST', path('experiments', made.name, 'start'));
      go(['experiments', made.name]);
    } catch (problem) {
      trouble.replaceChildren(failed(problem));
    }
  };
  place.replaceChildren(heading('New experiment', button('Cancel', {onclick: () => go(['experiments'])}), button('Save as a draft', {scope: 'write', onclick: save(false)}), button('Start', {kind: 'primary', scope: 'write', onclick: save(true)})),
    h('p', {class: 'muted'}, 'Callers that ask for no label get one of the variants; the same user always gets the same one.'), trouble, known,
    h('div', {class: 'fields'}, field('Prompt', promptInput), field('Name of the experiment', name)), h('section', {}, h('h2', {}, 'Variants'), variants),
    h('div', {class: 'fields'}, field('What is compared', metric), field('Outcomes needed in each variant', sample, 'Before that, nothing is called a winner.')));
  await get('v1/prompts', {limit: 100}).then(({prompts}) => known.replaceChildren(...prompts.map((p) => h('option', {value: p.name}))), () => {});
  await take();
}

export async function show(place, {query}) {
  if (!may('write')) {
    place.replaceChildren(heading('Experiments'), needsKey('write', 'Experiments'));
    return {title: 'Experiments'};
  }
  if (query.new) {
    await create(place, query.new);
    return {title: 'New experiment'};
  }
  const fresh = () => button('New experiment', {kind: 'primary', scope: 'write', onclick: () => go(['experiments'], {new: 1})});
  await load(place, () => get('v1/experiments', {limit: 50, cursor: query.cursor}), ({experiments, next_cursor}) => [
    heading('Experiments', fresh()),
    experiments.length === 0 ? empty('There are no experiments yet', 'An experiment gives two or more versions of a prompt to parts of the callers, and says which one does better.', fresh())
      : [table('Experiments', [
        {title: 'Name', cell: (e) => link(e.name, ['experiments', e.name], {}, {class: 'name'})}, {title: 'Prompt', cell: (e) => link(e.prompt, ['prompts', e.prompt])}, {title: 'State', cell: (e) => stateChip(e.status)},
        {title: 'Variants', cell: (e) => e.variants.map((v) => `${v.name}: version ${v.version}, ${v.weight} %`).join(' · ')}, {title: 'Renders', kind: 'number', cell: (e) => number(e.executions)},
        {title: 'Winner', cell: (e) => e.winner ?? ''}, {title: 'Since', cell: (e) => when(e.started_at ?? e.created_at)}], experiments), pager(next_cursor, ['experiments'], query)]]);
  return {title: 'Experiments'};
}
