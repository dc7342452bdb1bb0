// The key of the session, and the keys of the keyboard.
import {forgetKey, hasKey, useKey, whoAmI} from './api.js';
import {ask} from './dialog.js';
import {button, field, h, say} from './elements.js';

export async function keyDialog() {
  const input = h('input', {type: 'password', autocomplete: 'off', spellcheck: false, placeholder: 'sgk_…', autofocus: true});
  const {name, scope} = whoAmI();
  const acted = await ask({
    title: 'Key', label: 'Use this key', ready: () => input.value.trim() !== '',
    content: [
      hasKey() && h('p', {}, `In use: ${name}, with the scope ${scope}. `,
        button('Forget it', {onclick: async (event) => {
          event.target.closest('dialog').close();
          await forgetKey();
        }})),
      field('API key', input, 'It stays in the memory of this page and is forgotten when the page is closed or loaded anew.'),
      h('details', {}, h('summary', {}, 'What may a key do, and where is one from?'),
        h('dl', {}, h('dt', {}, 'read'), h('dd', {}, 'fetch and render prompts'),
          h('dt', {}, 'write'), h('dd', {}, 'also change prompts, move labels, run experiments, see executions'),
          h('dt', {}, 'admin'), h('dd', {}, 'also guardrails, keys and protected labels')),
        h('p', {}, 'An administrator makes one under Service, or on the server: ', h('code', {}, 'prompt-service keys create --scope write --name NAME')))],
    act: () => useKey(input.value),
  });
  if (acted) say(`You are ${whoAmI().name}, with the scope ${whoAmI().scope}.`);
}

export function shortcutsDialog() {
  const rows = [['/', 'search'], ['n', 'new prompt'], ['e', 'edit the prompt that is shown'], ['Ctrl+Enter', 'render, or confirm a question'],
    ['Ctrl+S', 'save'], ['Esc', 'close a question'], ['?', 'this list']];
  return ask({title: 'Keys of the keyboard', content: h('dl', {class: 'keys'},
    rows.map(([k, text]) => [h('dt', {}, h('kbd', {}, k)), h('dd', {}, text)]))});
}
