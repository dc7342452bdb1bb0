// How many, how fast, what failed, what it cost, which guardrail hit.
import {get, may} from './api.js';
import {chip, dollars, empty, button, h, heading, link, load, milliseconds, needsKey, number, percent, stateChip, table, when} from './elements.js';
import {plot, shortTime} from './plot.js';
import {address, go} from './router.js';

const spans = {'24h': [24, 'hour', '24 hours'], '7d': [168, 'day', '7 days'], '30d': [720, 'day', '30 days']};

const card = (title, value, more) => h('div', {class: 'number-card'}, h('span', {class: 'small muted'}, title), h('b', {}, value), h('span', {class: 'small muted'}, more));

export async function show(place, {query}) {
  if (!may('write')) {
    place.replaceChildren(heading('Dashboard'), needsKey('write', 'The numbers'));
    return {title: 'Dashboard'};
  }
  const span = spans[query.last] ? query.last : '24h';
  const [hours, interval, words] = spans[span];
  const until = new Date();
  const period = {since: new Date(until - hours * 3600000).toISOString(), until: until.toISOString(), interval, prompt: query.prompt};
  const shown = h('div', {});
  place.replaceChildren(heading('Dashboard', query.prompt && h('span', {}, chip(query.prompt, 'label'), ' ', button('All prompts', {onclick: () => go(['dashboard'], {last: span})})),
    h('nav', {class: 'switch', 'aria-label': 'Period'}, Object.entries(spans).map(([key, [, , text]]) =>
      link(text, ['dashboard'], {...query, last: key}, key === span ? {'aria-current': 'page'} : {})))), shown);
  await load(shown, async () => {
    const [prompts, errors, guardrails] = await Promise.all(['prompts', 'errors', 'guardrails'].map((what) => get(`v1/analytics/${what}`, period)));
    return {prompts, errors, guardrails};
  }, (data) => draw(data, {words, interval, query}));
  return {title: 'Dashboard'};
}

function draw({prompts, errors, guardrails}, {words, interval, query}) {
  const {total, series} = prompts;
  if (total.requests === 0) {
    return empty(`Nothing was rendered in the last ${words}`, 'As soon as prompts are rendered, their numbers are here.', button('Go to the prompts', {kind: 'primary', onclick: () => go(['prompts'])}));
  }
  const labels = series.map((s) => shortTime(s.at, interval));
  const ends = series.map((_, i) => series[i + 1]?.at ?? prompts.until);
  const pick = (more) => (i) => address(['executions'], {prompt: query.prompt, since: series[i].at, until: ends[i], ...more});
  const wrong = total.failure + total.partial + total.blocked;
  const names = Object.keys(guardrails.series.reduce((all, s) => ({...all, ...s.violations}), {}));
  return [
    h('div', {class: 'numbers'}, card('Renders', number(total.requests), `in the last ${words}`), card('Success', percent(total.success_rate), `${number(total.success + total.failure + total.partial)} outcomes reported`),
      card('Median time', milliseconds(total.latency_ms.p50), 'p50'), card('Slow ones', milliseconds(total.latency_ms.p95), 'p95: 1 in 20 is slower'),
      card('Failed or blocked', number(wrong), percent(errors.total.error_rate)), card('Cost', dollars(total.cost_usd.sum), `${dollars(total.cost_usd.mean)} each, where known`),
      card('Guardrail hits', number(guardrails.total.hits), `${number(guardrails.total.block)} blocked`)),
    h('div', {class: 'plots'},
      plot({title: 'Renders', labels, kind: 'bar', stacked: true, format: number, pick: pick({}), sets: [
        {label: 'success', data: series.map((s) => s.success), colour: 'good'}, {label: 'no outcome yet', data: series.map((s) => s.rendered), colour: 'strong-line'},
        {label: 'partial', data: series.map((s) => s.partial), colour: 'warn'}, {label: 'failure or blocked', data: series.map((s) => s.failure + s.blocked), colour: 'bad'}]}),
      plot({title: 'Time', labels, format: milliseconds, pick: pick({}), sets: [{label: 'p50', data: series.map((s) => s.latency_ms.p50)}, {label: 'p95', data: series.map((s) => s.latency_ms.p95)}]}),
      plot({title: 'Share that failed or was blocked', labels, format: (v) => percent(v, 0), pick: pick({}), sets: [{label: 'failed or blocked', colour: 'bad', data: errors.series.map((s) => s.error_rate)}]}),
      plot({title: 'Cost', labels, kind: 'bar', format: dollars, pick: pick({}), sets: [{label: 'cost', data: series.map((s) => s.cost_usd.sum)}]}),
      names.length > 0 && plot({title: 'Guardrail hits', labels, kind: 'bar', stacked: true, format: number, pick: pick({}), sets: names.map((name) => ({label: name, data: guardrails.series.map((s) => s.violations?.[name] ?? 0)}))})),
    h('section', {}, h('h2', {}, 'By prompt'), table('By prompt', [
      {title: 'Prompt', cell: (p) => [link(p.name, ['prompts', p.name], {version: p.version}, {class: 'name'}), ` ${p.version}`]}, {title: 'Renders', kind: 'number', cell: (p) => number(p.requests)},
      {title: 'Success', kind: 'number', cell: (p) => percent(p.success_rate)}, {title: 'p50', kind: 'number', cell: (p) => milliseconds(p.latency_ms.p50)}, {title: 'p95', kind: 'number', cell: (p) => milliseconds(p.latency_ms.p95)},
      {title: 'Tokens, mean', kind: 'number', cell: (p) => number(p.tokens.mean)}, {title: 'Cost', kind: 'number', cell: (p) => dollars(p.cost_usd.sum)}, {title: 'Hits', kind: 'number', cell: (p) => number(p.guardrail_hits)}], prompts.prompts.slice(0, 20))),
    errors.recent.length > 0 && h('section', {}, h('h2', {}, 'What failed last'), table('What failed last', [
      {title: 'When', cell: (e) => h('a', {href: address(['executions', e.id])}, when(e.executed_at))}, {title: 'Prompt', cell: (e) => `${e.prompt} ${e.version}`}, {title: 'Outcome', cell: (e) => stateChip(e.status)},
      {title: 'Error', cell: (e) => e.error_type ?? ''}, {title: 'What it said', cell: (e) => e.error_message ?? ''}, {title: 'User', cell: (e) => e.user_id ?? ''}], errors.recent.slice(0, 10))),
    guardrails.guardrails.length > 0 && h('section', {}, h('h2', {}, 'By guardrail'), table('By guardrail', [
      {title: 'Guardrail', cell: (g) => h('span', {class: 'name'}, g.name)}, {title: 'Type', cell: (g) => (g.type ?? '').replaceAll('_', ' ')}, {title: 'Hits', kind: 'number', cell: (g) => number(g.violations)},
      {title: 'Users', kind: 'number', cell: (g) => number(g.affected_users)}, {title: 'Last', cell: (g) => when(g.last_at)}], guardrails.guardrails))];
}
