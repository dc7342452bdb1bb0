// The frame around the views: header, routes, keys of the keyboard, health.
import {events, hasKey, identify, may, probe, whoAmI} from './api.js';
import {address, go, here} from './router.js';
import {button, failed, h, waiting} from './elements.js';

// First part of the address → module of the view. Each is loaded when it is first shown.
const views = {
  prompts: (parts) => (parts.length > 1 ? import('./prompt.js') : import('./list.js')),
  new: () => import('./editor.js'),
  edit: () => import('./editor.js'),
  guardrails: (parts) => (parts.length > 1 ? import('./guardrail.js') : import('./guardrails.js')),
  experiments: (parts) => (parts.length > 1 ? import('./experiment.js') : import('./experiments.js')),
  executions: (parts) => (parts.length > 1 ? import('./execution.js') : import('./executions.js')),
  dashboard: () => import('./dashboard.js'),
  service: () => import('./service.js'),
};
const places = [['prompts', 'Prompts'], ['experiments', 'Experiments'], ['guardrails', 'Guardrails'],
  ['executions', 'Executions'], ['dashboard', 'Dashboard'], ['service', 'Service']];

let current = {};  // what the view shown has given: {title, keys, leave}
let shownPath = null;
let booting = false;

const stage = h('main', {id: 'main'});
const banner = h('div', {class: 'banner', role: 'status'});
const keyButton = h('button', {type: 'button', onclick: enterKey}, 'Enter a key');
const nav = h('nav', {class: 'places', 'aria-label': 'Views'}, places.map(([part, text]) => h('a', {href: address([part])}, text)));

function mark(part) {
  const of = {new: 'prompts', edit: 'prompts'}[part] ?? part;
  for (const a of nav.children) {
    if (a.getAttribute('href') === address([of])) a.setAttribute('aria-current', 'page');
    else a.removeAttribute('aria-current');
  }
}

async function show() {
  if (booting) return;
  const route = here();
  if (route.parts.length === 0) route.parts = ['prompts'];
  const path = route.parts.join('\n');
  const moved = shownPath !== null && shownPath !== path;
  shownPath = path;
  current.leave?.();
  current = {};
  mark(route.parts[0]);
  // A place of its own for each view: what an earlier one still waits for cannot be drawn into it.
  const place = h('div', {class: 'view'}, waiting());
  stage.replaceChildren(place);
  try {
    const find = views[route.parts[0]];
    if (!find) throw new Error(`There is no view “${route.parts[0]}”. The views are in the line above.`);
    const view = await find(route.parts);
    if (!place.isConnected) return;
    const given = (await view.show(place, route)) ?? {};
    if (!place.isConnected) return given.leave?.();
    current = given;
    document.title = current.title ? `${current.title} – Prompts` : 'Prompts';
    if (moved) {
      window.scrollTo(0, 0);
      place.querySelector('h1')?.focus({preventScroll: true});
    }
  } catch (problem) {
    if (!place.isConnected) return;
    place.replaceChildren(failed(problem, show));
    if (problem.status === undefined) console.error(problem);
  }
}

async function enterKey() {
  const {keyDialog} = await import('./key.js');
  await keyDialog();
}

function tellWho() {
  const {name, scope} = whoAmI();
  keyButton.replaceChildren(hasKey() ? `${name} · ${scope}` : 'Enter a key');
  keyButton.title = hasKey() ? 'The key of this session: change or forget it'
    : may('read') ? 'Reading needs no key here; changing does' : 'Nothing is shown without a key here';
}

function themeButton() {
  const order = ['system', 'light', 'dark'];
  let theme = localStorage.getItem('theme') ?? 'system';
  const made = button('', {onclick: () => {
    theme = order[(order.indexOf(theme) + 1) % order.length];
    apply();
  }});
  function apply() {
    localStorage.setItem('theme', theme);
    document.documentElement.dataset.theme = theme;
    made.textContent = `Colours: ${theme}`;
    document.dispatchEvent(new Event('theme'));
  }
  apply();
  return made;
}

async function boot() {
  if (booting) return;
  booting = true;
  current.leave?.();
  current = {};
  const place = h('div', {class: 'view'});
  stage.replaceChildren(place);
  document.title = 'Starting – Prompts';
  const {untilOpen} = await import('./boot.js');
  await untilOpen(place);
  booting = false;
  await start();
}

async function start() {
  try {
    await identify();
  } catch (problem) {
    if (!booting) stage.replaceChildren(h('div', {class: 'view'}, failed(problem, start)));
    return;
  }
  tellWho();
  await show();
}

// Whether the service still has its database, every ten seconds while somebody looks.
async function look() {
  if (!document.hidden && !booting) {
    let words = '';
    try {
      const {status, body} = await probe('readyz');
      if (body?.degraded) {
        words = 'The database cannot be reached. Prompts are served from memory and can be read; nothing can be saved until it is back.';
      } else if (status === 503 && body?.state !== 'open') {
        boot();
      } else if (status === 503) {
        words = 'The service is not ready: ' + (body?.reason ?? 'unknown');
      }
    } catch {
      words = 'The service cannot be reached. What you typed stays here.';
    }
    if (banner.textContent !== words) banner.textContent = words;
  }
  setTimeout(look, banner.textContent ? 2000 : 10000);
}

const isTyping = (target) => target.matches('input, textarea, select, [contenteditable]');
document.addEventListener('keydown', (event) => {
  if (document.querySelector('dialog[open]') || booting) return;
  const strong = event.ctrlKey || event.metaKey;
  const name = strong ? `Ctrl+${event.key}` : event.key;
  if (event.altKey || (!strong && isTyping(event.target) && event.key !== 'Escape')) return;
  const own = current.keys?.[name];
  if (own) {
    event.preventDefault();
    own();
  } else if (name === '/') {
    event.preventDefault();
    if (here().parts[0] === 'prompts' && here().parts.length === 1) document.getElementById('search')?.focus();
    else go(['prompts'], {focus: 'search'});
  } else if (name === 'n') {
    event.preventDefault();
    go(['new']);
  } else if (name === '?') {
    event.preventDefault();
    import('./key.js').then((m) => m.shortcutsDialog());
  }
});

document.body.append(
  h('button', {type: 'button', class: 'skip', onclick: () => (stage.querySelector('h1') ?? stage).focus()}, 'To the content'),
  h('header', {class: 'top'}, h('a', {href: '#/', class: 'brand'}, h('img', {src: 'page/icon.svg', alt: '', width: 24, height: 24}), 'Prompt service'), nav,
    h('div', {class: 'actions'}, themeButton(), h('button', {type: 'button', title: 'Keys of the keyboard',
      onclick: () => import('./key.js').then((m) => m.shortcutsDialog())}, '?'), keyButton)),
  banner, stage, h('div', {id: 'said', role: 'status'}));
window.addEventListener('hashchange', show);
events.addEventListener('shut', boot);
events.addEventListener('who', () => {
  tellWho();
  if (shownPath !== null) show();
});
document.addEventListener('enter-key', enterKey);
start();
setTimeout(look, 2000);
