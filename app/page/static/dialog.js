// What asks a question: the browser's own <dialog>, which keeps the focus inside and ends with Escape.
import {button, failed, h} from './elements.js';

// Shows `content` under a title. `act` runs on the main button and on Ctrl+Enter; where it returns false or
// throws, the dialog stays, and what is typed too. Resolves to true once it has acted, else to false.
export function ask({title, content, label, act, kind = 'primary', wide = false, ready = () => true}) {
  return new Promise((resolve) => {
    let acted = false;
    const trouble = h('div', {class: 'trouble', 'aria-live': 'polite'});
    const main = label ? button(label, {kind, onclick: () => run()}) : null;
    const close = button(label ? 'Cancel' : 'Close', {onclick: () => box.close()});
    const body = h('div', {class: 'dialog-body'}, content);
    const box = h('dialog', {class: wide ? 'wide' : '', 'aria-labelledby': 'dialog-title'},
      h('h2', {id: 'dialog-title'}, title), body, trouble, h('div', {class: 'actions end'}, close, main));
    const check = () => { if (main) main.disabled = !ready(); };
    async function run() {
      if (!main || main.disabled) return;
      main.disabled = true;
      trouble.replaceChildren();
      try {
        if (await act() === false) return;
        acted = true;
        box.close();
      } catch (problem) {
        trouble.replaceChildren(failed(problem));
      } finally {
        check();
      }
    }
    box.addEventListener('input', check);
    box.addEventListener('keydown', (event) => {
      const line = event.target.tagName === 'INPUT' && !['checkbox', 'radio', 'range'].includes(event.target.type);
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey || line)) {
        event.preventDefault();
        event.stopPropagation();
        run();
      }
      if ((event.ctrlKey || event.metaKey) && event.key === 's') {
        event.preventDefault();
        event.stopPropagation();
        run();
      }
    });
    box.addEventListener('close', () => {
      box.remove();
      resolve(acted);
    });
    document.body.append(box);
    check();
    box.showModal();
    (body.querySelector('[autofocus], input:not([type=checkbox]), textarea, select') ?? main ?? close).focus();
  });
}
