// Two texts side by side: lines that differ, and the words in them.
import {h} from './elements.js';

const cellsMost = 4_000_000; // of the table below: beyond it all lines count as changed
const around = 3;            // unchanged lines that are shown beside a change

// The text of a version as lines; that of a chat with a heading for each message.
export function plainText(content) {
  return content.messages ? content.messages.map((m) => `[${m.role}]\n${m.content}`).join('\n') : content.template ?? '';
}

// Longest common subsequence, as pairs of what stays and what goes: [[old | undefined, new | undefined], …].
export function align(before, after) {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) ++head;
  let tail = 0;
  while (tail < before.length - head && tail < after.length - head && before.at(-1 - tail) === after.at(-1 - tail)) ++tail;
  const a = before.slice(head, before.length - tail);
  const b = after.slice(head, after.length - tail);
  const same = (list) => list.map((x) => [x, x]);
  const middle = [];
  if (a.length * b.length > cellsMost) {
    middle.push(...a.map((x) => [x, undefined]), ...b.map((x) => [undefined, x]));
  } else {
    const width = b.length + 1;
    const longest = new Uint32Array((a.length + 1) * width);
    for (let i = a.length - 1; i >= 0; --i) {
      for (let j = b.length - 1; j >= 0; --j) {
        longest[i * width + j] = a[i] === b[j] ? longest[(i + 1) * width + j + 1] + 1
          : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
      }
    }
    let [i, j] = [0, 0];
    while (i < a.length || j < b.length) {
      if (i < a.length && j < b.length && a[i] === b[j]) middle.push([a[i++], b[j++]]);
      else if (j >= b.length || (i < a.length && longest[(i + 1) * width + j] >= longest[i * width + j + 1])) middle.push([a[i++], undefined]);
      else middle.push([undefined, b[j++]]);
    }
  }
  return [...same(before.slice(0, head)), ...middle, ...same(before.slice(before.length - tail))];
}

// What goes and what comes next to each other in one row.
function rowsOf(pairs) {
  const rows = [];
  let gone = [];
  let come = [];
  const flush = () => {
    for (let i = 0; i < Math.max(gone.length, come.length); ++i) rows.push([gone[i], come[i]]);
    [gone, come] = [[], []];
  };
  for (const [a, b] of pairs) {
    if (a !== undefined && b !== undefined) {
      flush();
      rows.push([a, b]);
    } else if (b === undefined) gone.push(a);
    else come.push(b);
  }
  flush();
  return rows;
}

function words(a, b) {
  if (a === undefined || b === undefined || a === b) return [a, b].map((x) => [x ?? '']);
  const pairs = align(a.split(/(\s+|[^\p{L}\p{N}_])/u).filter(Boolean), b.split(/(\s+|[^\p{L}\p{N}_])/u).filter(Boolean));
  const side = (at, tag) => {
    const out = [];
    for (const pair of pairs) {
      if (pair[at] === undefined) continue;
      out.push(pair[0] === pair[1] ? pair[at] : h(tag, {}, pair[at]));
    }
    return out;
  };
  return [side(0, 'del'), side(1, 'ins')];
}

export function difference(oldTitle, oldText, newTitle, newText) {
  if (oldText === newText) return h('p', {class: 'notice'}, `The text of ${oldTitle} and of ${newTitle} is the same.`);
  const rows = rowsOf(align(oldText.split('\n'), newText.split('\n')));
  const near = rows.map((_, i) => rows.slice(Math.max(0, i - around), i + around + 1).some(([a, b]) => a !== b));
  const body = [];
  let [left, right, hidden] = [0, 0, 0];
  const skip = () => {
    if (hidden > 0) body.push(h('tr', {class: 'skipped'}, h('td', {colspan: 4}, `${hidden} unchanged ${hidden === 1 ? 'line' : 'lines'}`)));
    hidden = 0;
  };
  rows.forEach(([a, b], i) => {
    if (a !== undefined) ++left;
    if (b !== undefined) ++right;
    if (!near[i]) {
      ++hidden;
      return;
    }
    skip();
    const [oldWords, newWords] = words(a, b);
    body.push(h('tr', {class: a === b ? 'same' : 'changed'},
      h('td', {class: 'line-number'}, a === undefined ? '' : String(left)),
      h('td', {class: a === undefined ? 'old none' : 'old'}, a !== b && a !== undefined && h('span', {class: 'unseen'}, 'removed: '), oldWords),
      h('td', {class: 'line-number'}, b === undefined ? '' : String(right)),
      h('td', {class: b === undefined ? 'new none' : 'new'}, a !== b && b !== undefined && h('span', {class: 'unseen'}, 'added: '), newWords)));
  });
  skip();
  return h('div', {class: 'difference', role: 'region', 'aria-label': 'Difference', tabindex: 0}, h('table', {},
    h('caption', {class: 'unseen'}, `What changes from ${oldTitle} to ${newTitle}`),
    h('thead', {}, h('tr', {}, h('th', {colspan: 2, scope: 'col'}, oldTitle), h('th', {colspan: 2, scope: 'col'}, newTitle))),
    h('tbody', {}, body)));
}
