// Reading a consumer's record with one brand, whatever the server left out of it.

import { instantOf } from './format.js';

/** The record of the brand, or that of someone the brand has never met. */
export function readRelation(consumer, brand) {
  const relation = consumer?.brands?.[brand] ?? {};
  return {
    known: consumer?.brands?.[brand] !== undefined,
    stage: relation.stage ?? 'none',
    deeplinkStage: relation.deeplinkStage ?? relation.stage ?? 'none',
    intent: relation.intent ?? 0,
    behaviours: relation.behaviours ?? {},
    orders: (relation.orders ?? []).filter(order => (order.status ?? 'purchased') !== 'deposit').map(readOrder),
    exposures: (relation.exposures ?? []).map(readExposure),
    storylines: relation.storylines ?? {},
    stageHistory: (relation.stageHistory ?? []).map(change => ({ ...change, at: instantOf(change.at) })),
  };
}

function readOrder(order) {
  const value = order.value ?? 0;
  const refunded = order.status === 'refunded' || order.refunded === true || (order.refunded >= value && value > 0);
  return { id: order.orderId, at: instantOf(order.at), value, refunded };
}

function readExposure(exposure) {
  const interactions = exposure.interactions ?? [];
  return {
    ...exposure,
    at: instantOf(exposure.at),
    interactions: Array.isArray(interactions) ? interactions.map(item => item.kind ?? item.type ?? item) : Object.keys(interactions),
  };
}

/** What moved between two readings of the relation: for the timeline and for the announcer. */
export function effectsBetween(before, after) {
  const effects = [];
  if (before.deeplinkStage !== after.deeplinkStage) effects.push({ kind: 'stage', from: before.deeplinkStage, to: after.deeplinkStage });
  if (Math.abs(before.intent - after.intent) >= 0.05) effects.push({ kind: 'intent', from: before.intent, to: after.intent });
  for (const [storyline, now] of Object.entries(after.storylines)) {
    const then = before.storylines[storyline] ?? {};
    for (const [step, times] of Object.entries(now.seen ?? {})) {
      if (times > (then.seen?.[step] ?? 0)) effects.push({ kind: 'seen', storyline, step, times });
    }
    if (now.completed && !then.completed) effects.push({ kind: 'completed', storyline });
    if (now.exited && !then.exited) effects.push({ kind: 'exited', storyline });
  }
  return effects;
}
