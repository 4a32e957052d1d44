// A brand's document, as far as comparisons use it, and the plan that turn.lua is given: which campaigns, steps and creatives a placement could take.

export const KINDS = [
  'impression', 'viewable', 'watched', 'skip', 'click', 'engage', 'dismiss', 'view', 'content_engage', 'shop_visit', 'follow', 'brand_search', 'favorite',
  'coupon_claim', 'cart', 'search', 'sample_claim', 'purchase', 'review',
];
export const AD_KINDS = KINDS.slice(0, 7);
export const STAGES = ['none', 'discover', 'engage', 'enthuse', 'perform', 'initial', 'numerous', 'keen'];
export const AIPL = ['none', 'awareness', 'awareness', 'interest', 'interest', 'purchase', 'loyalty', 'loyalty'];
const PRIORITIES = ['house', 'standard', 'sponsorship'];
const UNITS = { s: 1, m: 60, h: 3_600, d: 86_400 };
const DEFAULT_RESERVE = 600_000;

// Clicks a showing, before anything is known.
const PRIOR_CLICKS = 0.01;

/** Number of a kind of event in turn.lua, from 1; 0: there is none. */
export const kindOf = name => KINDS.indexOf(name) + 1;

/**
 * Compiles a document.
 * @param document The parsed document.
 * @param symbols Numbers that names were given before, by "creative/a"; new names are added.
 * @returns {{ brand?: object, faults: { pointer: string, detail: string }[] }} The brand, or every fault.
 */
export function compile(document, symbols) {
  const faults = [];
  const fault = (pointer, detail) => faults.push({ pointer, detail });
  const numberOf = name => (symbols[name] ??= Object.keys(symbols).length + 1);
  const members = (value, pointer, known) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      fault(pointer, 'An object is needed.');
      return {};
    }
    for (const name of Object.keys(value).filter(n => !known.includes(n))) {
      fault(`${pointer}/${name}`, `The Redis way does not know ${name}; it knows ${known.join(', ')}.`);
    }
    return value;
  };
  const micros = (text, pointer) => {
    const amount = Number(text);
    if (text === '' || !Number.isFinite(amount) || amount < 0) {
      fault(pointer, 'Money is a decimal string.');
    }
    return Math.round(amount * 1e6);
  };
  const milliseconds = (text, pointer) => {
    const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
    if (unit === undefined) {
      fault(pointer, 'A duration is a number with s, m, h or d.');
    }
    return count * UNITS[unit] * 1_000;
  };
  const caps = (list, pointer) => (list ?? []).map((cap, i) => {
    members(cap, `${pointer}/${i}`, ['max', 'per']);
    return [cap.max, cap.per === 'lifetime' ? 0 : milliseconds(cap.per, `${pointer}/${i}/per`)];
  });

  members(document, '', ['name', 'industry', 'timeZone', 'currency', 'rules', 'caps', 'creatives', 'storylines', 'campaigns']);
  const rules = members(document.rules ?? {}, '/rules', ['reserve']);
  const creatives = readCreatives(document.creatives ?? {}, members, fault, numberOf);
  const stories = {};
  for (const [id, story] of Object.entries(document.storylines ?? {})) {
    const pointer = `/storylines/${id}`;
    members(story, pointer, ['steps']);
    stories[id] = (story.steps ?? []).map((step, s) => readStep(step, `${pointer}/steps/${s}`, id));
  }

  function readStep(step, pointer, story) {
    members(step, pointer, ['id', 'for', 'after', 'minIntent', 'creatives', 'substitute', 'channels', 'caps']);
    for (const name of [...step.creatives ?? [], ...step.substitute ? [step.substitute] : []].filter(n => !creatives[n])) {
      fault(`${pointer}/creatives`, `There is no creative ${name}.`);
    }
    return {
      id: step.id,
      number: numberOf(`step/${story}/${step.id}`),
      mask: (step.for ?? []).reduce((bits, name) => bits | STAGES.reduce((all, s, i) => (s === name || AIPL[i] === name ? all | 1 << i : all), 0), 0),
      minIntent: step.minIntent ?? 0,
      after: (step.after ?? []).map(a => [numberOf(`step/${story}/${a.step}`), kindOf(a.on), a.times ?? 1]),
      caps: caps(step.caps, `${pointer}/caps`),
      channels: step.channels,
      creatives: step.creatives ?? [],
      substitute: step.substitute,
    };
  }

  const campaigns = Object.entries(document.campaigns ?? {}).map(([id, campaign]) => {
    const pointer = `/campaigns/${id}`;
    members(campaign, pointer, ['objective', 'storyline', 'priority', 'price', 'budget', 'targeting', 'caps']);
    const price = members(campaign.price ?? {}, `${pointer}/price`, ['model', 'amount']);
    const budget = members(campaign.budget ?? {}, `${pointer}/budget`, ['total', 'pacing']);
    const targeting = members(campaign.targeting ?? {}, `${pointer}/targeting`, ['channels', 'countries']);
    if (!stories[campaign.storyline]) {
      fault(`${pointer}/storyline`, `There is no storyline ${campaign.storyline}.`);
    }
    const amount = price.amount ? micros(price.amount, `${pointer}/price/amount`) : 0;
    return {
      id,
      number: numberOf(`campaign/${id}`),
      storyline: campaign.storyline,
      priority: PRIORITIES.indexOf(campaign.priority ?? 'standard'),
      value: price.model === 'cpm' ? amount / 1e9 : price.model === 'cpc' ? amount / 1e6 * PRIOR_CLICKS : 0,
      price: price.model === 'cpm' ? Math.round(amount / 1_000) : 0,
      budget: budget.total ? micros(budget.total, `${pointer}/budget/total`) : 0,
      targeting,
      caps: caps(campaign.caps, `${pointer}/caps`),
    };
  });

  const brand = {
    caps: caps(document.caps, '/caps'),
    reserve: rules.reserve ? milliseconds(rules.reserve, '/rules/reserve') : DEFAULT_RESERVE,
    creatives,
    stories,
    campaigns,
    names: index(creatives, stories, campaigns),
  };
  return faults.length > 0 ? { faults } : { brand, faults };
}

function readCreatives(documents, members, fault, numberOf) {
  const read = {};
  for (const [id, own] of Object.entries(documents)) {
    const like = own.like === undefined ? {} : documents[own.like];
    if (like === undefined) {
      fault(`/creatives/${id}/like`, `There is no creative ${own.like}.`);
    }
    const { like: _, ...document } = { ...like, ...own };
    members(document, `/creatives/${id}`, ['format', 'size', 'seconds', 'url', 'landing', 'appLink', 'trackers']);
    read[id] = {
      number: numberOf(`creative/${id}`),
      size: document.size,
      shown: {
        id, format: document.format, url: document.url, landing: document.landing ?? null, appLink: document.appLink ?? null, trackers: document.trackers ?? {},
      },
    };
  }
  return read;
}

// What the numbers of turn.lua stand for.
function index(creatives, stories, campaigns) {
  const names = { creatives: new Map(), steps: new Map(), campaigns: new Map() };
  for (const creative of Object.values(creatives)) {
    names.creatives.set(creative.number, creative.shown);
  }
  for (const step of Object.values(stories).flat()) {
    names.steps.set(step.number, step.id);
  }
  for (const campaign of campaigns) {
    names.campaigns.set(campaign.number, campaign);
  }
  return names;
}

/**
 * The plan of a placement, as turn.lua walks it: brands, (brand, length, reserve, caps, campaigns, pairs of caps, (campaign, priority, value, price, budget, caps, steps,
 * pairs of caps, (step, stages, least intent, afters, caps, creatives, triples of afters, pairs of caps, creatives …) …) …) … Lengths are numbers in front.
 */
export function planOf(brands, placement, country) {
  const rows = [...brands].map(brand => {
    const campaigns = brand.campaigns.filter(c => admits(c.targeting.channels, placement.channel) && admits(c.targeting.countries, country)).map(c => {
      const steps = brand.stories[c.storyline].filter(s => admits(s.channels, placement.channel)).map(s => stepRow(brand, s, placement));
      return [c.number, c.priority, c.value, c.price, c.budget, c.caps.length, steps.length, ...c.caps.flat(), ...steps.flat()];
    });
    const rest = [brand.reserve, brand.caps.length, campaigns.length, ...brand.caps.flat(), ...campaigns.flat()];
    return [brand.number, rest.length + 2, ...rest];
  });
  return [rows.length, ...rows.flat()];
}

const admits = (list, value) => list === undefined || list.includes(value);

function stepRow(brand, step, placement) {
  const fit = name => placement.formats.includes(brand.creatives[name].shown.format)
    && (brand.creatives[name].size === 'fluid' || brand.creatives[name].size === placement.size);
  const fitting = step.creatives.filter(fit);
  const arms = fitting.length > 0 ? fitting : [step.substitute].filter(name => name !== undefined && fit(name));
  return [
    step.number, step.mask, step.minIntent, step.after.length, step.caps.length, arms.length,
    ...step.after.flat(), ...step.caps.flat(), ...arms.map(name => brand.creatives[name].number),
  ];
}
