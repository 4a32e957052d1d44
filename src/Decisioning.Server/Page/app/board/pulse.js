// A brand's pulse, and the shifts that move it on. Members that a shift does not touch keep their identity: panels compare it to know when to redraw.

const KEYED = {
  campaigns: entry => entry.id,
  creatives: entry => entry.id,
  channels: entry => entry.id,
  steps: entry => `${entry.storyline}/${entry.id}`,
};

/** Whether a shift follows directly on what is held; one that does not is of no use, and the whole is to be asked for. */
export const follows = (pulse, shift) => pulse !== undefined && shift.frame === pulse.frame + 1;

/** The pulse with a shift put in. */
export function merged(pulse, shift) {
  const next = { ...pulse, ...shift };
  for (const [member, keyOf] of Object.entries(KEYED)) {
    if (shift[member]) next[member] = mergedEntries(pulse[member] ?? [], shift[member], keyOf);
  }
  return next;
}

function mergedEntries(held, changed, keyOf) {
  const news = new Map(changed.map(entry => [keyOf(entry), entry]));
  const known = new Set(held.map(keyOf));
  return [...held.map(entry => news.get(keyOf(entry)) ?? entry), ...changed.filter(entry => !known.has(keyOf(entry)))];
}
