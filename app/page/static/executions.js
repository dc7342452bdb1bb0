// Find out what went wrong: executions, with the filters in the address.
import {get, may} from './api.js';
import {button, choice, dollars, empty, field, h, heading, link, load, milliseconds, needsKey, pager, stateChip, table, when} from './elements.js';
import {go} from './router.js';

const spans = [['', 'any time'], ['1', 'last hour'], ['24', 'last 24 hours'], ['168', 'last 7 days'], ['720', 'last 30 days']];

export function executionsTable(rows) {
  return table('Executions', [
    {title: 'When', cell: (e) => link('', ['executions', e.id])},
    {title: 'Prompt', cell: (e) => [link(e.prompt, ['prompts', e.prompt], {version: e.version}), ` ${e.version}`]},
    {title: 'Outcome', cell: (e) => [stateChip(e.status), e.error_type && h('span', {class: 'small bad-text'}, ` ${e.error_type}`)]},
    {title: 'Guardrails', cell: (e) => (e.guardrails.violations.length === 0 ? '' : [stateChip(e.guardrails.action), h('span', {class: 'small'}, ` ${e.guardrails.violations.map((v) => v.guardrail_name).join(', ')}`)])},
    {title: 'User', cell: (e) => e.user_id ?? ''}, {title: 'Model', cell: (e) => e.model ?? ''},
    {title: 'Time', kind: 'number', cell: (e) => milliseconds(e.latency_ms)},
    {title: 'Cost', kind: 'number', cell: (e) => dollars(e.cost_usd)}], rows);
}

export async function show(place, {query}) {
  if (!may('write')) {
    place.replaceChildren(heading('Executions'), needsKey('write', 'Executions'));
    return {title: 'Executions'};
  }
  const {hours, ...asked} = query;
  const since = hours ? new Date(Date.now() - Number(hours) * 3600000).toISOString() : query.since;
  const set = (more) => go(['executions'], {...query, cursor: '', ...more});
  const text = (name, placeholder, type = 'text') => h('input', {type, value: query[name] ?? '', placeholder, min: 1, onchange: (event) => set({[name]: event.target.value.trim()})});
  const filters = h('div', {class: 'filters'}, field('Prompt', text('prompt', 'any')), field('Version', text('version', 'any', 'number')),
    field('Outcome', choice([['', 'any'], 'success', 'failure', 'partial', 'blocked', 'rendered'], query.status ?? '', (e) => set({status: e.target.value}))),
    field('User', text('user_id', 'any')),
    field('When', choice(query.since ? [['-', 'the period below'], ...spans.slice(1), ['', 'any time']] : spans, query.since ? '-' : hours ?? '', (e) => set({hours: e.target.value, since: '', until: ''}))));
  const shown = h('div', {});
  place.replaceChildren(heading('Executions', Object.values(query).some(Boolean) && button('Clear the filters', {onclick: () => go(['executions'])})), filters,
    query.since && h('p', {class: 'muted'}, 'From ', h('strong', {}, new Date(query.since).toLocaleString()), query.until && [' to ', h('strong', {}, new Date(query.until).toLocaleString())]) || '', shown);
  await load(shown, () => get('v1/executions', {...asked, since, limit: 50}), ({executions, next_cursor}) => {
    if (executions.length === 0) {
      return Object.values(query).some(Boolean) ? empty('Nothing found', 'No execution fits these filters.', button('Clear the filters', {onclick: () => go(['executions'])}))
        : empty('Nothing was rendered yet', 'Each render of a prompt is an execution. Open a prompt and press “Render and log”.', button('Go to the prompts', {kind: 'primary', onclick: () => go(['prompts'])}));
    }
    const made = executionsTable(executions);
    made.querySelectorAll('tbody th a').forEach((a, i) => a.append(when(executions[i].executed_at)));
    return [made, pager(next_cursor, ['executions'], query)];
  });
  return {title: 'Executions'};
}
