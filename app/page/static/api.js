// The calls to the service. The key lives in this module, in memory, and nowhere else.

const scopes = ['none', 'read', 'write', 'admin'];
const waitLongest = 20000; // ms, for an answer

let key = '';
let who = {name: 'anonymous', scope: 'none', anonymous_may_read: false, protected_labels: []};

// What the rest of the page hears of: 'shut' (the gate is not open yet), 'who' (another key).
export const events = new EventTarget();

// What a request came to, in the service's own words.
export class Problem extends Error {
  constructor(status, body, requestId) {
    super(body.detail || body.title || `The service answered ${status}.`);
    this.status = status;
    this.code = body.code || '';
    this.requestId = body.request_id || requestId || '';
    this.body = body;
  }
}

export const whoAmI = () => who;
export const hasKey = () => key !== '';
export const may = (scope) =>
  scopes.indexOf(who.scope) >= scopes.indexOf(scope) || (scope === 'read' && who.anonymous_may_read);

// Path parts: each is one segment, whatever it holds.
export const path = (...parts) => 'v1/' + parts.map((p) => encodeURIComponent(p)).join('/');

function withQuery(target, query) {
  const used = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return used.length === 0 ? target : `${target}?${new URLSearchParams(used)}`;
}

async function contentOf(response, raw) {
  const text = await response.text();
  if (raw) return text;
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return {detail: `The answer (${response.status}) is not from the service, or was cut off.`};
  }
}

// Resolves to the content of the answer; to its text, unread, if `raw`. A body that is a text is JSON already. Throws
// Problem, also where nobody answers.
export async function ask(method, target, {body, query, ifMatch, signal, authorization, raw} = {}) {
  const headers = {};
  if (key !== '') headers.Authorization = `Bearer ${key}`;
  if (authorization) headers.Authorization = authorization;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (ifMatch !== undefined) headers['If-Match'] = `"${ifMatch}"`;
  const limit = AbortSignal.timeout(waitLongest);
  let response;
  let content;
  try {
    response = await fetch(withQuery(target, query), {
      method, headers, cache: method === 'GET' ? 'no-cache' : 'no-store', credentials: 'omit',
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    content = await contentOf(response, raw && response.ok);
  } catch (failure) {
    if (signal?.aborted) throw failure;
    throw new Problem(0, {code: 'unreachable', detail: failure.name === 'TimeoutError'
      ? 'The service has not answered for 20 seconds.'
      : 'The service cannot be reached. It may be restarting, or this computer is offline.'});
  }
  if (response.ok) return content;
  const problem = new Problem(response.status, content ?? {}, response.headers.get('X-Request-Id'));
  if (problem.code === 'gate-shut' || problem.code === 'loading') events.dispatchEvent(new Event('shut'));
  throw problem;
}

export const get = (target, query, more) => ask('GET', target, {query, ...more});

// For /readyz, whose 503 is an answer too.
export async function probe(target, authorization) {
  const response = await fetch(target, {cache: 'no-store', credentials: 'omit',
    headers: authorization ? {Authorization: authorization} : {}, signal: AbortSignal.timeout(5000)});
  return {status: response.status, body: await contentOf(response)};
}

// Asks who the key makes us. Without a key where none may read, nobody.
export async function identify() {
  try {
    who = await get('v1/whoami');
  } catch (problem) {
    if (problem.status !== 401) throw problem;
    who = {...who, name: 'anonymous', scope: 'none', anonymous_may_read: false};
  }
  events.dispatchEvent(new Event('who'));
}

// Takes a key if the service knows it. Throws Problem, and then the one before stays.
export async function useKey(text) {
  const before = key;
  key = text.trim().replace(/^(Authorization:\s*)?(Bearer\s+)?/i, '');
  try {
    who = await get('v1/whoami');
  } catch (problem) {
    key = before;
    throw problem;
  }
  events.dispatchEvent(new Event('who'));
}

export async function forgetKey() {
  key = '';
  await identify();
}
