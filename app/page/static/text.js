// A field for text whose pieces can be marked: what is wrong in a template, what a guardrail finds in a value.
import {h} from './elements.js';

// The service counts characters (code points), the browser units of UTF-16.
export function unitOf(text, character) {
  let unit = 0;
  for (let n = 0; n < character && unit < text.length; ++n) unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
  return unit;
}

// Where a problem with a line and a column (from 1, in characters) lies, up to the end of its word.
export function rangeOf(text, {line, column}) {
  if (!line) return null;
  let start = 0;
  for (let n = 1; n < line; ++n) {
    const end = text.slice(start).search(/\r\n|\n|\r/);
    if (end < 0) break;
    start += end + (text.startsWith('\r\n', start + end) ? 2 : 1);
  }
  const rest = text.slice(start).split(/[\r\n]/, 1)[0];
  start += unitOf(rest, Math.max(0, column - 1));
  const word = text.slice(start).match(/^(\{[{%#]|[^\s]+?(?=[\s}%|]|$)|[^\s])/)?.[0] ?? '';
  const end = start + Math.max(1, word.length);
  return end > text.length && start > 0 ? {start: start - 1, end: text.length} : {start, end};
}

const tag = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}|\{#[\s\S]*?#\}/g;
function tagRanges(text) {
  return [...text.matchAll(tag)].map((m) => ({start: m.index, end: m.index + m[0].length,
    kind: m[0][1] === '{' ? 'tag-value' : m[0][1] === '%' ? 'tag-logic' : 'tag-note'}));
}

// Text with the ranges as <mark>; where they overlap, later ones win.
export function marked(text, ranges) {
  const borders = [...new Set([0, text.length, ...ranges.flatMap((r) => [r.start, r.end])])].filter((n) => n >= 0 && n <= text.length).sort((a, b) => a - b);
  const out = [];
  for (let i = 0; i + 1 < borders.length; ++i) {
    const piece = text.slice(borders[i], borders[i + 1]);
    const over = ranges.filter((r) => r.start <= borders[i] && r.end >= borders[i + 1]);
    out.push(over.length > 0 ? h('mark', {class: over.map((r) => r.kind).join(' '), title: over.at(-1).title}, piece) : piece);
  }
  return out;
}

// A template to be read.
export const templateText = (text) => h('pre', {class: 'text', tabindex: 0}, marked(text, tagRanges(text)));

// A template or chat to be read.
export function contentText(content) {
  return content.messages
    ? h('div', {class: 'messages'}, content.messages.map((m) => h('section', {class: 'message'}, h('h3', {}, m.role), templateText(m.content))))
    : templateText(content.template ?? '');
}

// A text area that grows with its text. A copy of the text lies under it and carries the marks.
export function textField({value = '', label, oninput, placeholder, isTemplate = false, id, rows = 1}) {
  const under = h('div', {class: 'under', 'aria-hidden': 'true'});
  const area = h('textarea', {value, 'aria-label': label, placeholder, spellcheck: !isTemplate, id, rows, autocomplete: 'off'});
  let marks = [];
  const draw = () => under.replaceChildren(...marked(area.value, [...(isTemplate ? tagRanges(area.value) : []), ...marks]), '\n');
  area.addEventListener('input', () => {
    marks = [];
    draw();
    oninput?.(area.value);
  });
  draw();
  return {
    element: h('div', {class: isTemplate ? 'text-field template' : 'text-field'}, under, area),
    area,
    get value() { return area.value; },
    set value(text) {
      area.value = text;
      marks = [];
      draw();
    },
    mark(ranges, invalid = false) {
      marks = ranges;
      area.setAttribute('aria-invalid', String(invalid));
      draw();
    },
  };
}
