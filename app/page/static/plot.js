// Plots by Chart.js, which is loaded when the first one is drawn. Each has a sentence for screen readers and its
// numbers as a table.
import {h, table} from './elements.js';

let loading = null;
const library = () => (loading ??= new Promise((done, fail) => {
  document.head.append(h('script', {src: 'page/chart.min.js', onload: () => done(window.Chart), onerror: () => {
    loading = null;
    fail(new Error('The plots cannot be loaded; the numbers are in the tables.'));
  }}));
}));

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const wheel = ['accent', 'warn', 'good', 'bad', 'soft', 'ink'];
const dashes = [[], [6, 3], [2, 2], [8, 3, 2, 3], [12, 4], [1, 4]];

// sets: [{label, data: [number | null], colour?, band?: [[low, high] | null]}]; `format` is for one number; `pick(i)`
// is called for the point that is clicked.
export function plot({title, labels, sets, kind = 'line', format = String, pick, stacked = false, said}) {
  const canvas = h('canvas', {role: 'img', 'aria-label': said ?? `${title}. The numbers are in the table below it.`});
  const trouble = h('p', {class: 'hint'});
  const numbers = h('details', {}, h('summary', {}, 'As a table'), table(title,
    [{title: 'Time', cell: (i) => (pick ? h('a', {href: pick(i)}, labels[i]) : labels[i])}, ...sets.map((set) => ({title: set.label, kind: 'number', cell: (i) => (set.data[i] === null ? '–' : format(set.data[i]))}))],
    labels.map((_, i) => i).reverse()));
  let chart = null;

  const datasets = () => sets.flatMap((set, i) => {
    const ink = colour(set.colour ?? wheel[i % wheel.length]);
    const own = {label: set.label, data: set.data, borderColor: ink, backgroundColor: kind === 'bar' ? ink : 'transparent', borderWidth: kind === 'bar' ? 0 : 2, borderDash: kind === 'bar' ? [] : dashes[i % dashes.length],
      pointRadius: labels.length > 60 ? 0 : 2, pointHoverRadius: 5, pointBackgroundColor: ink, spanGaps: true, tension: 0};
    if (!set.band) return [own];
    const edge = (at) => ({data: set.band.map((pair) => pair?.[at] ?? null), borderWidth: 0, pointRadius: 0, pointHitRadius: 0, spanGaps: true, isBand: true, label: ''});
    return [own, edge(0), {...edge(1), fill: '-1', backgroundColor: ink + '26'}];
  });
  function draw(Chart) {
    chart?.destroy();
    const ink = colour('soft');
    const axis = {ticks: {color: ink, maxRotation: 0, autoSkipPadding: 16}, grid: {color: colour('line')}, stacked};
    chart = new Chart(canvas, {type: kind, data: {labels, datasets: datasets()}, options: {
      responsive: true, maintainAspectRatio: false, animation: false, interaction: {mode: 'index', intersect: false},
      onClick: (_, points) => { if (pick && points.length > 0) location.hash = pick(points[0].index); },
      onHover: (event, points) => { event.native.target.style.cursor = pick && points.length > 0 ? 'pointer' : ''; },
      scales: {x: axis, y: {...axis, beginAtZero: kind === 'bar', ticks: {...axis.ticks, callback: (v) => format(v)}}},
      plugins: {legend: {display: sets.length > 1, position: 'bottom', labels: {color: ink, boxWidth: 24, boxHeight: 2, filter: (item) => item.text !== ''}},
        tooltip: {filter: (item) => !item.dataset.isBand, callbacks: {label: (item) => `${item.dataset.label}: ${format(item.parsed.y)}`}}}}});
  }
  const again = () => { if (canvas.isConnected) library().then(draw); };
  library().then((Chart) => { if (canvas.isConnected) draw(Chart); }, (fault) => { trouble.textContent = fault.message; });
  document.addEventListener('theme', again);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);
  return h('section', {'aria-label': title}, h('h2', {}, title), h('div', {class: 'plot'}, canvas), trouble, numbers);
}

// The begin of a bucket, short, in the viewer's zone.
export function shortTime(text, interval) {
  const at = new Date(text);
  if (interval === 'hour' || interval === 'minute') return at.toLocaleString('en-GB', {day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit'});
  return at.toLocaleDateString('en-GB', {day: 'numeric', month: 'short', timeZone: 'UTC'}); // days are those of UTC
}
