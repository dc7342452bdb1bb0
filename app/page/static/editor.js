// Change and try: `#/new` and `#/edit/NAME`.
import {ask, get, may, path} from './api.js';
import {contentEditor} from './content.js';
import {ask as question} from './dialog.js';
import {difference, plainText} from './difference.js';
import {draftOf, dropDraft, keepDraft} from './draft.js';
import {button, choice, field, h, heading, load, say, trail} from './elements.js';
import {playground} from './playground.js';
import {go} from './router.js';

// Of the newest version, or of the one that is asked for: what is edited, and what the save is checked against.
async function freshDraft(name, version) {
  const newest = await get(path('prompts', name), {label: 'latest'});
  const from = version && Number(version) !== newest.version ? await get(path('prompts', name, 'versions', version)) : newest;
  const summary = (await get(path('prompts', name, 'versions'), {limit: 100})).versions;
  const production = summary.find((v) => v.labels.includes('production'))?.version;
  return {base: newest.version, baseText: plainText(newest), from: from.version, type: from.type, template: from.template ?? '',
    messages: structuredClone(from.messages ?? []), config: JSON.stringify(from.config ?? {}, null, 2), production, why: '', changed: false};
}

function emptyDraft(folder) {
  return {name: folder ? `${folder}/` : '', category: '', description: '', type: 'text', template: '', messages: [], config: '{}', why: '', changed: false};
}

function configOf(draft) {
  try {
    const config = JSON.parse(draft.config || '{}');
    if (config === null || typeof config !== 'object' || Array.isArray(config)) throw new Error();
    return config;
  } catch {
    throw new Error('The settings for the model are not a JSON object, such as {"temperature": 0.2}.');
  }
}

const contentOf = (draft) => (draft.type === 'chat' ? {messages: draft.messages} : {template: draft.template});

async function saveNew(draft) {
  const config = configOf(draft);
  const why = h('input', {value: draft.why, maxlength: 500, placeholder: 'First version', oninput: (e) => { draft.why = e.target.value; }});
  const release = h('input', {type: 'checkbox', id: 'release-now'});
  let made;
  const saved = await question({
    title: `Save ${draft.name} as version 1`, label: 'Save', content: [field('Why, in one line', why),
      h('label', {class: 'check'}, release, ' Release it as production at once'),
      h('p', {class: 'hint'}, 'Without that, callers do not get it until you release it.')],
    act: async () => {
      made = await ask('POST', 'v1/prompts', {body: {name: draft.name.trim(), ...contentOf(draft), config,
        ...(draft.category.trim() ? {category: draft.category.trim()} : {}), ...(draft.description.trim() ? {description: draft.description.trim()} : {}),
        ...(draft.why.trim() ? {commit_message: draft.why.trim()} : {}), ...(release.checked ? {labels: ['production']} : {})}});
    },
  });
  if (!saved) return;
  dropDraft('');
  say(`${made.name} is saved as version 1${release.checked ? ' and is in production' : ''}.`);
  go(['prompts', made.name]);
}

// Somebody else has saved meanwhile: shows what, and keeps what was typed.
async function conflict(name, draft, then) {
  const theirs = await get(path('prompts', name), {label: 'latest'});
  const overwrite = await question({
    title: `${theirs.created_by ?? 'Somebody'} has saved version ${theirs.version} meanwhile`, wide: true,
    label: `Save mine as version ${theirs.version + 1} all the same`,
    content: [h('p', {}, theirs.commit_message ? `Their reason: “${theirs.commit_message}”. ` : '', 'Your text is kept. Nothing of theirs is lost either: every version stays. Cancel to go on editing and take over what you want of it.'),
      difference(`version ${theirs.version} (theirs)`, plainText(theirs), 'your text', plainText(contentOf(draft)))],
    act: () => true,
  });
  draft.base = theirs.version;
  draft.baseText = plainText(theirs);
  keepDraft(name, draft);
  if (overwrite) await then();
}

async function saveVersion(name, draft) {
  const config = configOf(draft);
  const why = h('input', {value: draft.why, maxlength: 500, autofocus: true, oninput: (e) => { draft.why = e.target.value; }});
  let made;
  let overtaken = false;
  await question({
    title: `Save as version ${draft.base + 1}`, label: 'Save', wide: true, ready: () => draft.why.trim() !== '',
    content: [field('Why, in one line', why, 'Those who read the history will be glad.'),
      difference(`version ${draft.base}`, draft.baseText, `version ${draft.base + 1}`, plainText(contentOf(draft))),
      h('p', {class: 'notice'}, draft.production ? `production stays at ${draft.production} until you release the new version.` : 'No version is in production; saving does not change that.')],
    act: async () => {
      try {
        made = await ask('POST', path('prompts', name, 'versions'), {ifMatch: draft.base, body: {...contentOf(draft), config, commit_message: draft.why.trim()}});
      } catch (problem) {
        if (problem.code !== 'version-conflict') throw problem;
        overtaken = true;
      }
    },
  });
  if (overtaken) return conflict(name, draft, () => saveVersion(name, draft));
  if (!made) return;
  dropDraft(name);
  say(`Saved as version ${made.version}.`);
  go(['prompts', name], {version: made.version});
}

function aboutNew(draft, changed) {
  const name = h('input', {value: draft.name, autocomplete: 'off', spellcheck: false, maxlength: 255, placeholder: 'folder/name', oninput: (e) => { draft.name = e.target.value; changed(); }});
  const rule = 'Letters, digits, “.”, “_” and “-”; “/” makes folders. It stays for good.';
  const category = h('input', {value: draft.category, maxlength: 100, oninput: (e) => { draft.category = e.target.value; changed(); }});
  const description = h('input', {value: draft.description, oninput: (e) => { draft.description = e.target.value; changed(); }});
  return [h('div', {class: 'fields'}, field('Name', name, rule), field('Category (optional)', category)),
    field('What it is for (optional)', description)];
}

export async function show(place, {parts, query}) {
  const isNew = parts[0] === 'new';
  const name = isNew ? '' : parts.slice(1).join('/');
  const keys = {};
  let tried = null;
  await load(place, async () => draftOf(name) ?? (isNew ? emptyDraft(query.folder) : await freshDraft(name, query.version)), (draft) => {
    keepDraft(name, draft);
    const edited = () => {
      draft.changed = true;
      tried.refresh();
    };
    const editor = contentEditor(draft, edited);
    tried = playground({name, content: () => editor.content(), onPreview: (preview) => editor.mark(preview.problems)});
    const save = async () => {
      try {
        if (!may('write')) return say('Saving needs a key that may write. What you typed stays here.');
        await (isNew ? saveNew(draft) : saveVersion(name, draft));
      } catch (problem) {
        say(problem.message);
      }
    };
    Object.assign(keys, {'Ctrl+s': save, 'Ctrl+Enter': () => tried.refresh()});
    const config = h('textarea', {value: draft.config, rows: 4, spellcheck: false, class: 'mono', oninput: (e) => { draft.config = e.target.value; draft.changed = true; }});
    const kind = choice([['text', 'one text'], ['chat', 'messages of a chat']], draft.type, (event) => {
      draft.type = event.target.value;
      if (draft.type === 'chat' && draft.messages.length === 0) draft.messages = [{role: 'user', content: draft.template}];
      if (draft.type === 'text' && draft.template === '') draft.template = draft.messages.map((m) => m.content).join('\n\n');
      editor.draw();
      edited();
    }, 'Kind of prompt');
    const leave = () => {
      dropDraft(name);
      go(isNew ? ['prompts'] : ['prompts', name]);
    };
    setTimeout(() => tried.refresh());
    return [
      isNew ? null : trail(name),
      heading(isNew ? 'New prompt' : `Edit ${name.split('/').pop()}`, button('Discard', {onclick: leave}),
        button('Save', {kind: 'primary', scope: 'write', onclick: save, hotkey: 'Ctrl+S'})),
      isNew ? aboutNew(draft, () => { draft.changed = true; }) : h('p', {class: 'muted small'}, `From version ${draft.from}${draft.from !== draft.base ? `; the newest is ${draft.base}` : ''}. What you change is kept while this page is open.`),
      h('div', {class: 'two'}, h('section', {'aria-label': 'Text'}, h('div', {class: 'line spread'}, h('h2', {}, 'Text'), kind), editor.element,
        h('details', {}, h('summary', {}, 'How variables and conditions are written'), help()),
        h('details', {}, h('summary', {}, 'Settings for the model'), field('A JSON object that callers get with the text', config))), tried.element)];
  });
  return {title: isNew ? 'New prompt' : `Edit ${name}`, keys, leave: () => tried?.close()};
}

const help = () => h('dl', {class: 'keys'}, [
  ['{{ topic }}', 'the value of the variable topic'], ['{{ topic | default("trees") }}', 'a value for when there is none'],
  ['{% if grade > 5 %} … {% else %} … {% endif %}', 'a text that depends on a value'],
  ['{% for word in words %} {{ word }} {% endfor %}', 'a text for each element of a list'],
  ['{{ words | join(", ") }}', 'a list in one line; also upper, lower, trim, length, replace, tojson'],
  ['{# for us #}', 'a note that is left out']].map(([code, text]) => [h('dt', {}, h('code', {}, code)), h('dd', {}, text)]));
