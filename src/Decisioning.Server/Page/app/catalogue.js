// Reading a brand's document: `like` resolved, and what the page needs to know of it.

/** A map of the document with `like` copied through; a cycle ends where it began. */
function resolved(map = {}) {
  const resolve = (id, seen) => {
    const { like, ...own } = map[id] ?? {};
    return like && !seen.has(like) ? { ...resolve(like, new Set(seen).add(like)), ...own } : own;
  };
  return Object.fromEntries(Object.keys(map).map(id => [id, resolve(id, new Set([id]))]));
}

const unique = values => [...new Set(values.filter(value => value !== undefined && value !== null))];

/** { name, timeZone, currency, creatives, storylines, campaigns, audiences } of a document, each member possibly empty. */
export function readCatalogue(document) {
  return {
    name: document.name,
    timeZone: document.timeZone ?? 'UTC',
    currency: document.currency ?? 'CNY',
    creatives: resolved(document.creatives),
    storylines: resolved(document.storylines),
    campaigns: resolved(document.campaigns),
    audiences: resolved(document.audiences),
  };
}

/** Storylines that a campaign tells, in the campaigns' order. */
export function toldStorylines(catalogue) {
  const told = unique(Object.values(catalogue.campaigns).map(campaign => campaign.storyline));
  const names = told.length > 0 ? told : Object.keys(catalogue.storylines);
  return names.filter(name => catalogue.storylines[name]).map(name => ({ id: name, steps: catalogue.storylines[name].steps ?? [] }));
}

/** What a consumer and a request may be given so that the brand's targeting has something to judge. */
export function profileChoices(catalogue) {
  const targeting = Object.values(catalogue.campaigns).map(campaign => campaign.targeting ?? {});
  const steps = Object.values(catalogue.storylines).flatMap(storyline => storyline.steps ?? []);
  return {
    fields: attributeFields(catalogue.audiences),
    channels: unique([...targeting.flatMap(target => target.channels ?? []), ...steps.flatMap(step => step.channels ?? []), 'home', 'feed', 'search']),
    countries: unique([...targeting.flatMap(target => target.countries ?? []), 'CN', 'GB', 'US']),
    sizes: unique(Object.values(catalogue.creatives).map(creative => creative.size).filter(size => size !== 'fluid')),
  };
}

/** The profile that the brand is after: what its audiences ask for, and its first channel and country. */
export function wantedProfile(choices) {
  return {
    consent: true,
    attributes: Object.fromEntries(choices.fields.map(field => [field.name, field.wanted])),
    channel: choices.channels[0],
    country: choices.countries[0],
    size: choices.sizes[0],
  };
}

function attributeFields(audiences) {
  const fields = new Map();
  const visit = node => {
    if (node === null || typeof node !== 'object') return;
    if (Array.isArray(node)) node.forEach(visit);
    else {
      if (typeof node.attribute === 'string' && !fields.has(node.attribute)) fields.set(node.attribute, fieldOf(node));
      Object.values(node).forEach(visit);
    }
  };
  visit(audiences);
  return [...fields.values()];
}

function fieldOf({ attribute, is, from, to, in: among }) {
  const wanted = is ?? among?.[0] ?? (from !== undefined && to !== undefined ? Math.floor((from + to) / 2) : from ?? to ?? '');
  return { name: attribute, wanted, kind: typeof wanted };
}
