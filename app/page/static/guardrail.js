// One guardrail: what it finds, what it does, and a box to try it. `#/guardrails/%20new` makes one.
import {ask, get, may, path} from './api.js';
import {ask as question} from './dialog.js';
import {button, choice, failed, field, h, heading, link, load, needsKey, say, when} from './elements.js';
import {testBox, typeWords} from './guardrails.js';
import {go} from './router.js';

const fresh = {name: '', description: '', type: 'content_policy', severity: 'medium', action: 'warn', is_active: true, applies_to_templates: [], applies_to_categories: [],
  config: {patterns: [{name: 'invoice', regex: 'INV-[0-9]{6}'}]}};
const listOf = (text) => text.split(',').map((t) => t.trim()).filter(Boolean);
const actionWords = [['block', 'block: refuse to render'], ['redact', 'redact: replace what is found'], ['warn', 'warn: render, and say so'], ['log', 'log: render, and count it']];

function form(rule, isNew) {
  const name = h('input', {value: rule.name, disabled: !isNew, maxlength: 255, spellcheck: false});
  const description = h('input', {value: rule.description ?? ''});
  const type = choice(Object.entries(typeWords), rule.type);
  const severity = choice(['critical', 'high', 'medium', 'low'], rule.severity);
  const action = choice(actionWords, rule.action);
  const config = h('textarea', {rows: 8, class: 'mono', spellcheck: false, value: JSON.stringify(rule.config, null, 2)});
  const prompts = h('input', {value: rule.applies_to_templates.join(', '), placeholder: 'all'});
  const categories = h('input', {value: rule.applies_to_categories.join(', '), placeholder: 'all'});
  const active = h('input', {type: 'checkbox', checked: rule.is_active});
  const element = h('div', {}, h('div', {class: 'fields'}, field('Name', name), field('What it is for', description)),
    h('div', {class: 'fields'}, field('Finds', type), field('Severity', severity), field('Does', action)),
    field('What exactly, as JSON', config, 'Patterns are RE2 regular expressions; personal data has detectors of its own.'),
    h('div', {class: 'fields'}, field('Only for these prompts', prompts, 'Names with commas between them; empty means all.'), field('Only for these categories', categories)),
    h('label', {class: 'check'}, active, ' Active'));
  return {element, body: () => {
    let parsed;
    try {
      parsed = JSON.parse(config.value);
    } catch (fault) {
      throw new Error(`What it finds is not JSON: ${fault.message}`);
    }
    return {name: name.value.trim(), description: description.value, type: type.value, severity: severity.value, action: action.value, config: parsed,
      applies_to_templates: listOf(prompts.value), applies_to_categories: listOf(categories.value), is_active: active.checked};
  }};
}

export async function show(place, {parts}) {
  const name = parts.slice(1).join('/');
  const isNew = name === ' new';
  if (!may('admin')) {
    place.replaceChildren(heading('Guardrail'), needsKey('admin', 'Guardrails'));
    return {title: 'Guardrail'};
  }
  const keys = {};
  await load(place, async () => (isNew ? fresh : await get(path('guardrails', name))), (rule) => {
    const fields = form(rule, isNew);
    const trouble = h('div', {});
    const save = async () => {
      try {
        const body = fields.body();
        await ask(isNew ? 'POST' : 'PUT', isNew ? 'v1/guardrails' : path('guardrails', name), {body});
        trouble.replaceChildren();
        say(`${body.name} is saved. It looks from now on.`);
        if (isNew) go(['guardrails', body.name]);
      } catch (problem) {
        trouble.replaceChildren(failed(problem));
      }
    };
    keys['Ctrl+s'] = save;
    const remove = async () => {
      const done = await question({title: `Delete ${name}`, label: 'Delete', kind: 'danger', content: h('p', {}, 'What it has found stays in the executions. To keep the rule for later, switch it off instead.'),
        act: () => ask('DELETE', path('guardrails', name))});
      if (done) go(['guardrails']);
    };
    return [h('nav', {class: 'trail', 'aria-label': 'Where'}, link('Guardrails', ['guardrails']), h('span', {class: 'slash', 'aria-hidden': 'true'}, '/'), h('span', {}, isNew ? 'new' : name)),
      heading(isNew ? 'New guardrail' : name, !isNew && button('Delete', {onclick: remove}), button('Save', {kind: 'primary', onclick: save, hotkey: 'Ctrl+S'})),
      rule.effective === false && h('p', {class: 'notice warn'}, rule.fault ?? 'It finds nothing: no detector is connected for its type.'), trouble, fields.element,
      !isNew && [testBox(() => [name]), h('p', {class: 'small muted'}, `Made by ${rule.created_by ?? 'not known'}, `, when(rule.created_at), '; changed ', when(rule.updated_at))]];
  });
  return {title: isNew ? 'New guardrail' : name, keys};
}
