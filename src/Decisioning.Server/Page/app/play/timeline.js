// The timeline of a consumer found again after a reload, from what the server keeps of it.

const INTERACTIONS = ['impression', 'viewable', 'watched', 'click', 'skip', 'engage', 'dismiss'];

/** Newest first; exposures, orders and stage changes only, for single behaviours are kept as counts. */
export function rebuiltTimeline(relation) {
  const entries = [
    ...relation.exposures.map(exposure => ({
      at: exposure.at,
      kind: 'interaction',
      interaction: INTERACTIONS.findLast(kind => exposure.interactions.includes(kind)) ?? 'impression',
      creative: exposure.creative,
      effects: [],
    })),
    ...relation.orders.map(order => ({ at: order.at, kind: order.refunded ? 'refunded' : 'bought', value: order.value, effects: [] })),
    ...relation.stageHistory.map(change => ({ at: change.at, kind: 'moved', effects: [{ kind: 'stage', from: change.from, to: change.to }] })),
  ];
  return entries.filter(entry => Number.isFinite(entry.at)).sort((a, b) => b.at - a.at);
}
