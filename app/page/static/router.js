// Addresses: everything that decides what is shown stands behind the "#", so that it can be sent to a colleague.

// '#/prompts/a%2Fb?version=2' → {parts: ['prompts', 'a/b'], query: {version: '2'}}
export function here() {
  const [head, tail = ''] = location.hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  const decode = (text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };
  return {parts: head.split('/').filter((p) => p !== '').map(decode), query: Object.fromEntries(new URLSearchParams(tail))};
}

export function address(parts, query = {}) {
  const used = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const tail = used.length === 0 ? '' : `?${new URLSearchParams(used)}`;
  return `#/${parts.map((p) => encodeURIComponent(p)).join('/')}${tail}`;
}

export function go(parts, query) {
  location.hash = address(parts, query);
}

// The same view with another query, without a new entry in the browser's history and without being drawn anew.
export function note(query) {
  history.replaceState(null, '', address(here().parts, query));
}
