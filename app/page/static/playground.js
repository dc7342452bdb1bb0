// Variables on the one side, what becomes of them on the other, while one types.
import {ask, get, may, path} from './api.js';
import {button, choice, failed, h, stateChip} from './elements.js';
import {textField, unitOf} from './text.js';

const pace = 250; // ms between two previews: at most 4 a second

const words = {block: 'This render would be refused.', redact: 'What is marked would be replaced.', warn: 'It would pass, with a warning.', allow: 'It would pass; it is only logged.'};

// The values that were typed for a prompt, for as long as the page is open.
const typed = new Map();

const looksLikeList = (text, name) => new RegExp(`\\bin\\s+${name.replace(/[^\w]/g, '\\$&')}\\b(?!\\s*\\|)`).test(text) && /\{%-?\s*for\b/.test(text);
const looksLikeObject = (text, name) => new RegExp(`[{%][^}%]*\\b${name.replace(/[^\w]/g, '\\$&')}(\\.|\\[)`).test(text);

// `content()` gives {template} or {messages}; `onPreview` hears what the service says of it. `run`, if there is
// one, renders in earnest: it is given the variables, and returns what to show.
export function playground({name, content, onPreview, run, runScope = 'read', runLabel = 'Render and log'}) {
  const key = name || '(new)';
  const kept = typed.get(key) ?? new Map();
  typed.set(key, kept);
  const fields = new Map();
  const list = h('div', {class: 'variables'});
  const filledFrom = h('p', {class: 'small muted'});
  const verdict = h('div', {class: 'verdict', role: 'status'});
  const result = h('div', {class: 'result', role: 'region', 'aria-label': 'Result', tabindex: 0});
  const ran = h('div', {});
  let [timer, last, busy, dirty, closed] = [0, 0, false, false, false];

  function valueOf(name) {
    const {text, kind} = kept.get(name);
    if (kind === 'text') return text;
    return text.trim() === '' ? undefined : JSON.parse(text);
  }
  // Text that is no JSON yet counts as not given; its field says so.
  function variables() {
    const out = {};
    for (const [name, one] of fields) {
      const {text, kind} = kept.get(name);
      one.fault.textContent = '';
      if (text === '') continue;
      try {
        const value = valueOf(name);
        if (value !== undefined) out[name] = value;
      } catch {
        one.fault.textContent = kind === 'JSON' ? 'This is not JSON yet: a list is ["one", "two"], an object {"key": "value"}.' : '';
      }
    }
    return out;
  }

  function addField(name) {
    const text = JSON.stringify(content());
    const start = kept.get(name) ?? {text: '', kind: looksLikeList(text, name) || looksLikeObject(text, name) ? 'JSON' : 'text'};
    kept.set(name, start);
    const field = textField({value: start.text, label: `Value of ${name}`, oninput: (value) => {
      kept.get(name).text = value;
      ask1();
    }});
    const hint = () => { field.area.placeholder = kept.get(name).kind === 'JSON' ? '["one", "two"]' : ''; };
    const kind = choice([['text', 'text'], ['JSON', 'list or object (JSON)']], start.kind, (event) => {
      kept.get(name).kind = event.target.value;
      hint();
      ask1();
    }, `Kind of ${name}`);
    hint();
    const note = h('span', {class: 'needs-value'});
    const fault = h('p', {class: 'hint bad-text', role: 'status'});
    const hits = h('p', {class: 'hint warn-text'});
    const element = h('div', {class: 'variable', 'data-variable': name},
      h('div', {class: 'variable-head'}, h('code', {}, name), note, kind), field.element, fault, hits);
    fields.set(name, {element, field, note, fault, hits, kind, hint});
  }

  function showFields(preview) {
    for (const name of [...fields.keys()]) {
      if (!preview.variables.includes(name)) {
        fields.get(name).element.remove();
        fields.delete(name);
      }
    }
    for (const name of preview.variables) {
      if (!fields.has(name)) addField(name);
    }
    const wanted = preview.variables.map((name) => fields.get(name).element);
    if (wanted.some((e, i) => list.children[i] !== e)) list.replaceChildren(...wanted);
    if (wanted.length === 0) list.replaceChildren(h('p', {class: 'muted'}, 'This text has no variables. Write {{ name }} where a value is to stand.'));
    for (const [name, one] of fields) {
      one.note.textContent = preview.missing.includes(name) ? 'needs a value' : preview.required.includes(name) ? '' : 'optional';
      one.note.classList.toggle('warn-text', preview.missing.includes(name));
    }
  }

  function showGuardrails({action, violations}) {
    for (const [name, one] of fields) {
      const ranges = [];
      const found = new Set();
      for (const v of violations) {
        for (const hit of (v.hits ?? []).filter((x) => x.variable === name)) {
          ranges.push({start: unitOf(one.field.value, hit.start), end: unitOf(one.field.value, hit.end), kind: v.action === 'block' ? 'hit bad' : 'hit', title: `${v.guardrail}: ${hit.entity}`});
          found.add(`${hit.entity.replaceAll('_', ' ')}, found by ${v.guardrail}`);
        }
      }
      one.field.mark(kept.get(name).kind === 'text' ? ranges : []);
      one.hits.textContent = [...found].join('; ');
    }
    if (violations.length === 0) return null;
    return h('div', {class: `notice ${action === 'block' ? 'bad' : 'warn'}`}, h('strong', {}, words[action]),
      h('ul', {}, violations.map((v) => h('li', {}, h('strong', {}, v.guardrail), ` (${v.type.replaceAll('_', ' ')}, ${v.severity}) `, stateChip(v.action),
        v.error ? ' could not run' : ` ${v.count} ${v.count === 1 ? 'place' : 'places'}`))));
  }

  function show(preview) {
    showFields(preview);
    const guardrails = showGuardrails(preview.guardrails);
    const wrong = preview.problems.length > 0;
    const state = wrong ? h('p', {class: 'bad-text'}, preview.problems.every((p) => p.line) ? 'The text has a mistake, which is underlined.' : preview.problems[0].message)
      : preview.missing.length > 0 ? h('p', {class: 'muted'}, `Waiting for ${preview.missing.join(', ')}.`) : null;
    verdict.replaceChildren(...[state, guardrails].filter(Boolean));
    if (preview.rendered !== undefined) result.replaceChildren(h('pre', {class: 'text'}, preview.rendered));
    else if (preview.messages) {
      result.replaceChildren(...preview.messages.map((m) => h('section', {class: 'message'}, h('h3', {}, m.role), h('pre', {class: 'text'}, m.content))));
    } else if (result.childElementCount === 0) result.replaceChildren(h('p', {class: 'muted'}, 'The result appears here while you type.'));
    result.classList.toggle('stale', wrong || preview.missing.length > 0);
    onPreview?.(preview);
  }

  async function send() {
    timer = 0;
    if (closed) return;
    if (busy) {
      dirty = true;
      return;
    }
    busy = true;
    dirty = false;
    last = Date.now();
    const given = content();
    try {
      const preview = await ask('POST', 'v1/preview', {body: {...given, variables: variables(), ...(name ? {name} : {})}});
      // What was typed meanwhile gets an answer of its own; marks of the old text would stand in the wrong place.
      if (!dirty && !timer && !closed) show(preview);
    } catch (problem) {
      verdict.replaceChildren(failed(problem, () => ask1()));
    }
    busy = false;
    if (dirty) ask1();
  }
  function ask1() {
    if (busy) {
      dirty = true;
      return;
    }
    if (timer === 0) timer = setTimeout(send, Math.max(0, last + pace - Date.now()));
  }

  function fill(values) {
    for (const [name, value] of Object.entries(values)) {
      const entry = {text: typeof value === 'string' ? value : JSON.stringify(value), kind: typeof value === 'string' ? 'text' : 'JSON'};
      kept.set(name, entry);
      const one = fields.get(name);
      if (one) {
        one.field.value = entry.text;
        one.kind.value = entry.kind;
        one.hint();
      }
    }
    ask1();
  }
  const isUntouched = () => [...kept.values()].every((one) => one.text === '');
  async function fillFromLast() {
    if (!name || !may('write') || !isUntouched()) return;
    try {
      const [newest] = (await get('v1/executions', {prompt: name, limit: 1})).executions;
      if (!newest) return;
      const {variables: values} = await get(path('executions', newest.id));
      if (closed || !isUntouched()) return;
      fill(values);
      filledFrom.textContent = 'Filled from the last execution.';
    } catch { /* without them, the fields are empty */ }
  }
  function fillExamples() {
    const values = {};
    for (const [name, one] of fields) {
      if (one.field.value === '') values[name] = kept.get(name).kind === 'JSON' ? ['first', 'second'] : `example ${name.replaceAll('_', ' ')}`;
    }
    fill(values);
  }
  async function render() {
    if (!run || !may(runScope)) return ask1();
    try {
      ran.replaceChildren(await run(variables()));
    } catch (problem) {
      ran.replaceChildren(failed(problem));
    }
  }

  const element = h('section', {class: 'playground', 'aria-label': 'Try it'},
    h('div', {class: 'line spread'}, h('h2', {}, 'Variables'), button('Fill with examples', {onclick: fillExamples})), filledFrom, list,
    h('div', {class: 'line spread'}, h('h2', {}, 'Result'), run && button(runLabel, {scope: runScope, onclick: render, hotkey: 'Ctrl+Enter'})),
    verdict, result, ran);
  fillFromLast();
  return {element, refresh: ask1, render, close: () => { closed = true; }};
}
