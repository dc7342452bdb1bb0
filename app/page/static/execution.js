// One execution: what was asked, what was rendered, guardrails, outcome, times.
import {get, may, path} from './api.js';
import {dollars, h, heading, link, load, milliseconds, needsKey, number, stateChip, when} from './elements.js';

const row = (title, content) => content !== null && content !== undefined && content !== '' && [h('dt', {}, title), h('dd', {}, content)];
const pre = (text) => h('pre', {class: 'text', tabindex: 0}, text);

function guardrails({action, violations}) {
  if (violations.length === 0) return h('p', {class: 'muted'}, 'No guardrail found anything.');
  return h('div', {class: `notice ${action === 'block' ? 'bad' : 'warn'}`}, h('ul', {}, violations.map((v) => h('li', {}, h('strong', {}, v.guardrail_name), ` (${(v.guardrail_type ?? '').replaceAll('_', ' ')}, ${v.severity}) `,
    stateChip(v.action), ` ${number(v.count ?? v.match_count)} ${v.entities?.length ? v.entities.join(', ').replaceAll('_', ' ') : ''}`))));
}

export async function show(place, {parts}) {
  if (!may('write')) {
    place.replaceChildren(heading('Execution'), needsKey('write', 'Executions'));
    return {title: 'Execution'};
  }
  await load(place, () => get(path('executions', parts[1])), (e) => [
    h('nav', {class: 'trail', 'aria-label': 'Where'}, link('Executions', ['executions']), h('span', {class: 'slash', 'aria-hidden': 'true'}, '/'), h('span', {}, e.id)),
    heading(`Execution of ${e.prompt}`, stateChip(e.status)),
    h('div', {class: 'two'},
      h('section', {}, h('h2', {}, 'Asked'), h('dl', {}, row('When', when(e.executed_at)), row('Prompt', [link(e.prompt, ['prompts', e.prompt], {version: e.version}), `, version ${e.version}`]), row('Label', e.label),
        row('Experiment', e.variant && `variant ${e.variant}`), row('User', e.user_id && link(e.user_id, ['executions'], {user_id: e.user_id})), row('Session', e.session_id), row('Environment', e.environment), row('Request', e.request_id && h('code', {}, e.request_id))),
      h('h3', {}, 'Variables, as they are stored'), pre(JSON.stringify(e.variables, null, 2))),
      h('section', {}, h('h2', {}, 'Came of it'), h('dl', {}, row('Outcome', stateChip(e.status)), row('Reported', e.outcome_at ? when(e.outcome_at) : 'not yet'), row('Model', e.model), row('Time', e.latency_ms !== null && milliseconds(e.latency_ms)),
        row('Tokens', e.input_tokens !== null && `${number(e.input_tokens)} in, ${number(e.output_tokens)} out`), row('Cost', e.cost_usd !== null && dollars(e.cost_usd)), row('Score', e.score !== null && number(e.score, 2)),
        row('Error', e.error_type && h('span', {class: 'bad-text'}, e.error_type)), row('What it said', e.error_message)),
      h('h3', {}, 'Guardrails'), guardrails(e.guardrails))),
    h('section', {}, h('h2', {}, 'Rendered'), e.messages ? e.messages.map((m) => h('div', {class: 'message'}, h('h3', {}, m.role), pre(m.content)))
      : e.rendered ? pre(e.rendered) : h('p', {class: 'muted'}, 'Nothing: it was blocked.')),
    e.response !== null && h('section', {}, h('h2', {}, 'Answer of the model'), pre(e.response))]);
  return {title: 'Execution'};
}
