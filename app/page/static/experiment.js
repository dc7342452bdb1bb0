// One experiment: a sentence, the curve with its intervals, the table; start, stop, promote.
import {ask, get, may, path} from './api.js';
import {ask as question} from './dialog.js';
import {button, chip, dollars, failed, field, h, heading, link, load, milliseconds, needsKey, number, percent, say, stateChip, table, when} from './elements.js';
import {metrics} from './experiments.js';
import {plot, shortTime} from './plot.js';

function formatOf(metric) {
  return {success_rate: (v) => percent(v), latency_ms: milliseconds, cost_usd: dollars, tokens: (v) => number(v)}[metric] ?? ((v) => number(v, 3));
}
const between = (pair, format) => (pair ? `${format(pair[0])} to ${format(pair[1])}` : '–');

// A difference of shares is said in points.
const pointsOf = (metric) => (metric === 'success_rate' ? (v) => `${v > 0 ? '+' : ''}${number(v * 100, 1)} points` : (v) => `${v > 0 ? '+' : ''}${formatOf(metric)(v)}`);

function results(experiment) {
  const {results: r} = experiment;
  const format = formatOf(r.metric);
  const points = pointsOf(r.metric);
  return table('Results', [
    {title: 'Variant', cell: (v) => [h('span', {class: 'name'}, v.name), v.name === r.verdict.winner && [' ', chip('winner', 'good')], v.name === r.control && h('span', {class: 'small muted'}, ' compared with')]},
    {title: 'Version', cell: (v) => link(`version ${v.version}`, ['prompts', experiment.prompt], {version: v.version})}, {title: 'Weight', kind: 'number', cell: (v) => `${v.weight} %`}, {title: 'Renders', kind: 'number', cell: (v) => number(v.executions)},
    {title: 'Outcomes', kind: 'number', cell: (v) => number(v.count)}, {title: r.kind === 'rate' ? 'Success' : 'Mean', kind: 'number', cell: (v) => (v.mean === null ? '–' : format(v.mean))}, {title: `${number(r.confidence_level * 100)} % interval`, kind: 'number', cell: (v) => between(v.interval, format)},
    {title: 'Difference', kind: 'number', cell: (v) => (v.difference === null ? '–' : [points(v.difference), v.difference_interval && h('div', {class: 'small muted'}, between(v.difference_interval, points))])},
    {title: 'p', kind: 'number', cell: (v) => (v.p_value === null ? '–' : v.p_value < 0.001 ? '< 0.001' : number(v.p_value, 3))}], r.variants);
}

// Asks for what is missing: a reason always, and an override where the sample is too small.
async function promote(experiment, again) {
  const {results: r} = experiment;
  const running = experiment.variants.map((v) => [v.name, `${v.name}: version ${v.version}`]);
  const variant = h('select', {}, running.map(([value, text]) => h('option', {value, selected: value === (r.verdict.winner ?? r.verdict.leader)}, text)));
  const reason = h('input', {autofocus: true, maxlength: 500, value: r.sample.sufficient ? r.verdict.sentence : ''});
  const done = await question({title: 'Promote a variant', label: 'Promote', ready: () => reason.value.trim() !== '',
    content: [!r.sample.sufficient && h('p', {class: 'notice warn'}, `Only ${number(r.sample.smallest)} of ${number(r.sample.needed)} outcomes are there, so this may be chance. Say why it cannot wait.`),
      field('Variant', variant), field('Reason', reason), h('p', {}, 'production moves to its version, and the experiment ends.')],
    act: () => ask('POST', path('experiments', experiment.name, 'promote'), {body: {variant: variant.value, reason: reason.value.trim(), ...(r.sample.sufficient ? {} : {override: true})}})});
  if (!done) return;
  say(`${variant.value} is in production.`);
  again();
}

function actions(experiment, trouble, again) {
  const {results: r, status} = experiment;
  const act = (what) => async () => {
    try {
      await ask('POST', path('experiments', experiment.name, what));
      again();
    } catch (problem) {
      trouble.replaceChildren(failed(problem));
    }
  };
  const stop = async () => {
    const done = await question({title: `Stop ${experiment.name}`, label: 'Stop', content: h('p', {}, 'All callers get production again. The results stay; it cannot be started a second time.'), act: () => ask('POST', path('experiments', experiment.name, 'stop'))});
    if (done) again();
  };
  const canPromote = (status === 'active' || status === 'completed' || status === 'paused') && !experiment.winner && experiment.variants.length > 0;
  const lacks = canPromote && !r.sample.sufficient;
  return h('div', {class: 'actions'}, (status === 'draft' || status === 'paused') && button('Start', {kind: 'primary', scope: 'write', onclick: act('start')}),
    status === 'active' && button('Stop', {scope: 'write', onclick: stop}),
    canPromote && button('Promote', {kind: 'primary', scope: 'write', disabled: lacks, onclick: () => promote(experiment, again)}),
    lacks && [h('span', {class: 'small muted'}, `from ${number(r.sample.needed)} outcomes in each variant; the fewest are ${number(r.sample.smallest)}${r.sample.variant ? ` in ${r.sample.variant}` : ''}`),
      button('Promote all the same…', {scope: 'write', onclick: () => promote(experiment, again)})]);
}

function curve(experiment, analytics) {
  const found = analytics?.experiments[0];
  if (!found || found.series.length === 0) return null;
  const format = formatOf(experiment.metric);
  const sets = found.variants.map((v, i) => ({label: v.name,
    data: found.series.map((s) => s.variants[i]?.cumulative.mean ?? null), band: found.series.map((s) => s.variants[i]?.cumulative.interval ?? null)}));
  return plot({title: `${experiment.metric.replaceAll('_', ' ')}, all outcomes so far, with its interval`, labels: found.series.map((s) => shortTime(s.at, analytics.interval)), sets, format,
    said: experiment.results.verdict.sentence});
}

export async function show(place, {parts}) {
  const name = parts.slice(1).join('/');
  if (!may('write')) {
    place.replaceChildren(heading(name), needsKey('write', 'Experiments'));
    return {title: name};
  }
  const again = () => load(place, async () => {
    const experiment = await get(path('experiments', name));
    const analytics = experiment.started_at ? await get('v1/analytics/experiments', {experiment: name}).catch(() => null) : null;
    return {experiment, analytics};
  }, ({experiment: e, analytics}) => {
    const trouble = h('div', {});
    const verdict = e.results.verdict;
    return [h('nav', {class: 'trail', 'aria-label': 'Where'}, link('Experiments', ['experiments']), h('span', {class: 'slash', 'aria-hidden': 'true'}, '/'), h('span', {}, name)),
      heading(name, stateChip(e.status), actions(e, trouble, again)), trouble,
      h('p', {class: 'muted'}, 'On ', link(e.prompt, ['prompts', e.prompt]), `, by ${metrics[e.metric] ?? e.metric}, `, e.started_at ? ['started ', when(e.started_at)] : 'not started', e.ended_at && [', ended ', when(e.ended_at)]),
      e.winner && h('p', {class: 'notice good'}, h('strong', {}, `${e.winner} was promoted`), ' by ', e.winner_declared_by ?? 'somebody', ', ', when(e.winner_declared_at)),
      e.status === 'draft' ? h('p', {class: 'lead'}, 'It has not been started. Nobody gets a variant yet.') : h('p', {class: `lead notice ${verdict.state === 'winner' ? 'good' : ''}`}, verdict.sentence),
      curve(e, analytics), h('section', {}, h('h2', {}, 'Variants'), results(e))];
  });
  await again();
  return {title: name};
}
