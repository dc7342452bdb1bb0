// Release and take back: the question before a label moves.
import {ask, get, path, whoAmI} from './api.js';
import {ask as question} from './dialog.js';
import {difference, plainText} from './difference.js';
import {button, field, h, say} from './elements.js';

export const wantsReason = (label) => label === 'production' || whoAmI().protected_labels.includes(label);

// Asks for label and reason, shows what changes, and moves. Resolves to {label, from, to} or undefined.
// `labels` are those of the prompt: {label: version}; `given` fills the question: {label, reason}.
export async function release(name, version, labels, given = {}) {
  const label = h('input', {value: given.label ?? 'production', list: 'labels-known', autocomplete: 'off', spellcheck: false, maxlength: 36});
  const reason = h('input', {value: given.reason ?? '', maxlength: 500, placeholder: 'What makes it better?', autofocus: true});
  const words = h('p', {});
  const shown = h('div', {});
  const theNew = await get(path('prompts', name, 'versions', version));
  let asked = 0;
  async function draw() {
    const mine = ++asked;
    const text = label.value.trim();
    const from = labels[text];
    words.textContent = text === '' ? '' : from === undefined ? `${text} points nowhere yet; it will point to version ${version}.`
      : from === version ? `${text} points to version ${version} already.` : `${text} moves from version ${from} to version ${version}${text === 'production' ? ': this is what callers get that name nothing else' : ''}.`;
    if (from === undefined || from === version) return shown.replaceChildren();
    const theOld = await get(path('prompts', name, 'versions', from));
    if (mine === asked) shown.replaceChildren(difference(`version ${from}, now ${text}`, plainText(theOld), `version ${version}`, plainText(theNew)));
  }
  label.addEventListener('input', () => draw().catch(() => shown.replaceChildren()));
  await draw();
  let moved;
  await question({
    title: given.title ?? `Release version ${version}`, wide: true, label: given.action ?? 'Release',
    ready: () => label.value.trim() !== '' && labels[label.value.trim()] !== version && (!wantsReason(label.value.trim()) || reason.value.trim() !== ''),
    content: [h('div', {class: 'fields'}, field('As', label, 'production, or any name, such as staging'), field('Reason', reason, 'Required for production and protected labels.')),
      h('datalist', {id: 'labels-known'}, [...new Set(['production', 'staging', ...Object.keys(labels)])].filter((l) => l !== 'latest').map((value) => h('option', {value}))), words, shown],
    act: async () => {
      const text = label.value.trim();
      const done = await ask('PUT', path('prompts', name, 'labels', text), {body: {version, ...(reason.value.trim() ? {reason: reason.value.trim()} : {})}});
      moved = {label: text, from: done.previous_version, to: version};
    },
  });
  return moved;
}

export const takeBack = (name, {label, from, to}, labels) => release(name, from, labels,
  {label, title: `Take ${label} back to version ${from}`, action: `Back to ${from}`, reason: `Back from version ${to}`});

// After a move: what was done, and the way back.
export function afterMove(moved, back) {
  const words = moved.from ? `${moved.label} moved from version ${moved.from} to version ${moved.to}.` : `${moved.label} points to version ${moved.to}.`;
  say(words);
  return h('div', {class: 'notice good', role: 'status'}, h('span', {}, words), moved.from && button(`Back to ${moved.from}`, {scope: 'write', onclick: back}));
}

export async function removeLabel(name, label) {
  const done = await question({title: `Remove ${label}`, label: `Remove ${label}`, kind: 'danger',
    content: h('p', {}, `Who asks for ${label} gets an error from then on. The version stays, and so does the history.`),
    act: () => ask('DELETE', path('prompts', name, 'labels', label))});
  if (done) say(`${label} is removed.`);
  return done;
}
