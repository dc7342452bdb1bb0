// The text of a version as one edits it: one template, or the messages of a chat. Problems are underlined.
import {button, choice, h} from './elements.js';
import {rangeOf, textField} from './text.js';

const roles = ['system', 'user', 'assistant', 'developer', 'tool'];

// `draft` holds {type, template, messages} and is changed in place; `changed` is called after each change.
export function contentEditor(draft, changed) {
  const place = h('div', {class: 'content-editor'});
  const problems = h('ul', {class: 'problems', 'aria-live': 'polite'});
  let fields = [];

  function addMessage() {
    draft.messages.push({role: draft.messages.length === 0 ? 'system' : 'user', content: ''});
    draw();
    changed();
    fields.at(-1).area.focus();
  }
  function messageEditor(message, i) {
    const field = textField({value: message.content, label: `Text of message ${i + 1}`, isTemplate: true, rows: 3, oninput: (text) => {
      message.content = text;
      changed();
    }});
    fields.push(field);
    const known = roles.includes(message.role) ? roles : [message.role, ...roles];
    return h('section', {class: 'message', 'aria-label': `Message ${i + 1}`}, h('div', {class: 'line spread'},
      choice(known, message.role, (event) => {
        message.role = event.target.value;
        changed();
      }, `Role of message ${i + 1}`),
      button('Remove', {disabled: draft.messages.length === 1, onclick: () => {
        draft.messages.splice(i, 1);
        draw();
        changed();
      }})), field.element);
  }
  function draw() {
    fields = [];
    if (draft.type === 'chat') {
      place.replaceChildren(...draft.messages.map(messageEditor), button('Add a message', {onclick: addMessage}), problems);
      return;
    }
    const field = textField({value: draft.template, label: 'Text of the prompt', isTemplate: true, id: 'template', rows: 12,
      placeholder: 'You are a helpful teacher. Explain {{ topic }} to a learner of grade {{ grade }}.',
      oninput: (text) => {
        draft.template = text;
        changed();
      }});
    fields = [field];
    place.replaceChildren(field.element, problems);
  }
  draw();
  return {
    element: place,
    draw,
    focus: () => fields[0]?.area.focus(),
    content: () => (draft.type === 'chat' ? {messages: draft.messages} : {template: draft.template}),
    // `found` as POST /v1/preview gives them.
    mark(found) {
      const at = (p) => fields[p.message_index ?? 0];
      for (const field of fields) {
        const own = found.filter((p) => p.line && at(p) === field);
        field.mark(own.map((p) => ({...rangeOf(field.value, p), kind: 'wrong', title: p.message})), own.length > 0);
      }
      problems.replaceChildren(...found.map((p) => h('li', {}, !p.line ? h('span', {}, p.message)
        : h('button', {type: 'button', class: 'plain', onclick: () => {
          const field = at(p);
          const {start, end} = rangeOf(field.value, p);
          field.area.focus();
          field.area.setSelectionRange(start, end);
        }}, h('strong', {}, `${p.message_index === undefined ? '' : `Message ${p.message_index + 1}, `}Line ${p.line}, column ${p.column}: `), p.message))));
    },
  };
}
