// The rules that look at variables, and a box to try them all on a text.
import {ask, get, may, path} from './api.js';
import {button, empty, h, heading, link, load, needsKey, number, stateChip, table} from './elements.js';
import {go} from './router.js';
import {textField, unitOf} from './text.js';

export const typeWords = {pii_detection: 'personal data', toxic_content: 'toxic content', prompt_injection: 'prompt injection', content_policy: 'own patterns'};

// Marks what one rule or several find in a text, and names it.
export function testBox(names) {
  const found = h('div', {role: 'status'});
  const field = textField({label: 'Text to try', rows: 3, placeholder: 'Write or paste a text: what is found is marked in it.', oninput: () => later()});
  let [timer, asked] = [0, 0];
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(look, 250);
  };
  async function look() {
    const mine = ++asked;
    const text = field.value;
    if (text === '') return found.replaceChildren();
    try {
      const answers = await Promise.all(names().map(async (name) => ({name, ...(await ask('POST', path('guardrails', name, 'test'), {body: {text}}))})));
      if (mine !== asked || text !== field.value) return;
      const hits = answers.flatMap((a) => a.hits.map((hit) => ({...hit, name: a.name})));
      field.mark(hits.map((hit) => ({start: unitOf(text, hit.start), end: unitOf(text, hit.end), kind: 'hit', title: `${hit.name}: ${hit.entity}`})));
      found.replaceChildren(hits.length === 0 ? h('p', {class: 'muted'}, 'Nothing is found in this text.')
        : h('ul', {}, hits.slice(0, 50).map((hit) => h('li', {}, h('strong', {}, hit.entity.replaceAll('_', ' ')), ` by ${hit.name}: `,
          h('code', {}, text.slice(unitOf(text, hit.start), unitOf(text, hit.end)))))));
    } catch (problem) {
      found.replaceChildren(h('p', {class: 'bad-text'}, problem.message));
    }
  }
  return h('section', {'aria-label': 'Try a text'}, h('h2', {}, 'Try a text'), field.element, found);
}

export async function show(place) {
  if (!may('admin')) {
    place.replaceChildren(heading('Guardrails'), needsKey('admin', 'Guardrails'));
    return {title: 'Guardrails'};
  }
  await load(place, () => get('v1/guardrails'), ({guardrails}) => [
    heading('Guardrails', button('New guardrail', {kind: 'primary', onclick: () => go(['guardrails', ' new'])})),
    h('p', {class: 'muted'}, 'They look at the values of variables, in this order, before anything is rendered or stored.'),
    guardrails.length === 0 ? empty('There are no guardrails', 'A guardrail finds personal data or patterns of your own, and blocks, redacts or warns.')
      : table('Guardrails', [
        {title: 'Name', cell: (g) => [link(g.name, ['guardrails', g.name], {}, {class: 'name'}), g.description && h('div', {class: 'small muted clip'}, g.description)]},
        {title: 'Finds', cell: (g) => typeWords[g.type] ?? g.type}, {title: 'Severity', cell: (g) => stateChip(g.severity)}, {title: 'Does', cell: (g) => stateChip(g.action)},
        {title: 'State', cell: (g) => (!g.is_active ? 'switched off' : g.effective ? 'active' : h('span', {class: 'warn-text'}, g.fault ?? 'finds nothing: no detector is connected'))},
        {title: 'Hits', kind: 'number', cell: (g) => number(g.violation_count)}], guardrails),
    testBox(() => guardrails.filter((g) => g.is_active).map((g) => g.name))]);
  return {title: 'Guardrails'};
}
