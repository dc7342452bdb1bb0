// While the gate is shut: which migration runs, how far it is, what it waits for. Turns into the page by itself.
import {probe} from './api.js';
import {button, h, milliseconds, number} from './elements.js';

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const phases = {starting: 'Starting', waiting: 'Waiting', migrating: 'Bringing the schema up to date', verifying: 'Checking the schema',
  refused: 'The start was refused', stopping: 'The service is stopping', open: 'Loading the prompts'};

// Words for what the report says, for somebody who has never heard of it.
function sentence(report) {
  if (report.state === 'refused') {
    return report.message ?? `The service will not serve with this database (${report.code}). Its log says why, and what to type.`;
  }
  if (report.state === 'open') return 'The schema is current. The prompts are being loaded; this takes a moment.';
  if (report.migration) return `Migration ${number(report.position)} of ${number(report.of)} runs: ${report.migration}`;
  return 'The service connects to its database and looks at the schema.';
}

function waited(report) {
  const on = report.waiting_for;
  if (!on) return null;
  if (typeof on === 'string') return h('p', {class: 'notice warn'}, `It waits for ${on}.`);
  return h('div', {class: 'notice warn'}, h('p', {}, on.reason),
    h('dl', {}, Object.entries(on).filter(([k]) => k !== 'reason').map(([k, v]) => [h('dt', {}, k.replaceAll('_', ' ')), h('dd', {}, String(v))])));
}

// Resolves when requests are answered.
export async function untilOpen(place) {
  let token = '';
  const title = h('h1', {tabindex: -1}, 'Starting');
  const words = h('p', {class: 'lead', 'aria-live': 'polite'}, 'Asking the service how far it is.');
  const bar = h('progress', {max: 1, 'aria-label': 'Migrations done'});
  const more = h('div', {});
  const steps = h('ol', {class: 'steps'});
  const input = h('input', {type: 'password', autocomplete: 'off', 'aria-label': 'Token of the gate', placeholder: 'Token of the gate'});
  const ask = h('details', {}, h('summary', {}, 'Who is in the way? (for operators)'),
    h('p', {class: 'hint'}, 'With SCHEMAGATE_GATE_TOKEN the service says which session it waits for, or why it refuses.'),
    h('div', {class: 'line'}, input, button('Show', {onclick: () => { token = input.value; }})));
  place.append(h('div', {class: 'boot'}, title, words, bar, more, ask, h('h2', {}, 'Done so far'), steps));
  for (;;) {
    try {
      const report = (await probe('v1/gate', token ? `Bearer ${token}` : undefined)).body;
      const ready = await probe('readyz');
      if (ready.status === 200) return;
      title.textContent = phases[report.state] ?? report.state;
      words.textContent = sentence(report);
      const done = report.state === 'open' ? 1 : report.of > 0 ? Math.max(0, report.position - 1) / report.of : null;
      if (done === null) bar.removeAttribute('value');
      else bar.value = done;
      const at = report.progress;
      more.replaceChildren(...[
        at && h('p', {}, Object.entries(at).map(([k, v]) => `${k.replaceAll('_', ' ')}: ${v}`).join(' · ')),
        waited(report), report.fix && h('p', {class: 'notice warn'}, report.fix),
        h('p', {class: 'muted'}, `${number(report.elapsed_ms / 1000, 0)} s since the start`)].filter(Boolean));
      steps.replaceChildren(...report.steps.slice(-12).map((s) => h('li', {}, h('span', {}, s.step.replaceAll('_', ' ')),
        s.script && h('code', {}, s.script), h('span', {class: 'muted'}, milliseconds(s.elapsed_ms)))));
    } catch {
      title.textContent = 'The service cannot be reached';
      words.textContent = 'It may be restarting. This page tries again by itself.';
    }
    await pause(400);
  }
}
