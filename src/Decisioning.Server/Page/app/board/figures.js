// Figures worked out of a pulse. Pure.

export const STAGES = ['none', 'awareness', 'interest', 'purchase', 'loyalty'];
export const LINKED = ['awareness', 'interest', 'purchase', 'loyalty'];
export const DEEPLINK = { awareness: ['discover', 'engage'], interest: ['enthuse', 'perform'], purchase: ['initial'], loyalty: ['numerous', 'keen'] };
const OUTSIDE = ['imported', 'erased'];

/** Quantile of the normal distribution that a two-sided 95 % interval ends at. */
const Z95 = 1.959964;

/** A share with its Wilson 95 % interval: { rate, low, high }; null where there were no trials, or fewer than successes. */
export function wilson(successes, trials) {
  if (!(trials > 0) || successes > trials) return null;
  const rate = successes / trials;
  const z2 = Z95 * Z95;
  const centre = (rate + z2 / (2 * trials)) / (1 + z2 / trials);
  const half = (Z95 / (1 + z2 / trials)) * Math.sqrt(rate * (1 - rate) / trials + z2 / (4 * trials * trials));
  return { rate, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/** What a campaign adds over its holdout, per 1,000 consumers, with its 95 % interval: { increment, low, high }; null while either arm has fewer than two. */
export function incrementOf(trial) {
  if (!trial || trial.standardError === null) return null;
  const { incrementPerThousand: increment, standardError } = trial;
  return { increment, low: increment - Z95 * standardError, high: increment + Z95 * standardError };
}

/** a / b; NaN where b is 0. */
export const share = (a, b) => b > 0 ? a / b : NaN;

/** One figure summed over deliveries. */
export const total = (entries, member) => entries.reduce((sum, entry) => sum + (entry[member] ?? 0), 0);

/** Gross flows summed over the hours: [{ from, to, count }], the largest first. */
export function flowTotals(flows) {
  const sums = new Map();
  for (const { from, to, count } of flows) {
    const pair = `${from}>${to}`;
    sums.set(pair, { from, to, count: (sums.get(pair)?.count ?? 0) + count });
  }
  return [...sums.values()].filter(flow => flow.count > 0).sort((a, b) => b.count - a.count);
}

/** What a stage gained and lost over the flows: { in, out }. */
export function movement(flows, stage) {
  let gained = 0;
  let lost = 0;
  for (const flow of flows) {
    if (flow.to === stage) gained += flow.count;
    if (flow.from === stage) lost += flow.count;
  }
  return { in: gained, out: lost };
}

/** What the linked stages together gained, less what they lost. */
export function netOfLink(flows) {
  const linked = new Set(LINKED);
  return flows.reduce((net, flow) => net + (Number(linked.has(flow.to)) - Number(linked.has(flow.from))) * flow.count, 0);
}

/** The ends that flows may have, in the order they are drawn. */
export const FLOW_ENDS = [...STAGES, ...OUTSIDE];

/** Mean of the last `seconds` of a strip of counts a second. */
export function perSecond(counts, seconds = 10) {
  const last = counts.slice(-seconds);
  return last.length > 0 ? last.reduce((sum, count) => sum + count, 0) / last.length : 0;
}

/** The ways of a campaign's requests, in order: [{ name, count }]. */
export const funnelOf = campaign => [
  ...['requests', 'targeted', 'stepped', 'uncapped', 'paced'].map(name => ({ name, count: campaign.funnel?.[name] ?? 0 })),
  ...['won', 'rendered', 'viewable', 'clicks', 'conversions'].map(name => ({ name, count: campaign[name] ?? 0 })),
];

/** A storyline's steps as told, each with those who reached it and the part of the step before that did: [{ …step, kept }]. */
export function storiesOf(steps) {
  const stories = new Map();
  for (const step of steps) {
    if (step.index >= 0) stories.set(step.storyline, [...(stories.get(step.storyline) ?? []), step]);
  }
  return [...stories].map(([id, told]) => {
    const ordered = told.sort((a, b) => a.index - b.index);
    return { id, steps: ordered.map((step, i) => ({ ...step, kept: i === 0 ? 1 : share(step.reached, ordered[i - 1].reached) })) };
  });
}
