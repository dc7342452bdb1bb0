// What is typed and not saved yet: kept while the page is open, whatever the service or the network does.
const drafts = new Map();

// name: '' for a new prompt.
export const draftOf = (name) => drafts.get(name);
export const keepDraft = (name, draft) => drafts.set(name, draft);
export const dropDraft = (name) => drafts.delete(name);
export const hasDraft = (name) => drafts.has(name) && drafts.get(name).changed;

window.addEventListener('beforeunload', (event) => {
  if ([...drafts.values()].some((d) => d.changed)) event.preventDefault();
});
