// A decision's answer in the page's own shape.

import { instantOf } from '../format.js';

const FILTERS = ['no_campaign', 'consent', 'targeting', 'creative_fit', 'no_step', 'storyline_gap', 'frequency_cap', 'pacing', 'budget', 'holdout', 'timeout'];

/** { decision, noDecision, candidates } of the first placement; candidates in the order worth reading. */
export function readAnswer(answer) {
  const placement = answer.placements?.[0] ?? {};
  const decision = placement.decisions?.[0] ?? null;
  const noDecision = placement.noDecision ?? null;
  return {
    decision: decision && { ...decision, expiresAt: instantOf(decision.expiresAt) },
    noDecision: noDecision && { reason: noDecision.reason, retryAt: instantOf(noDecision.retryAfter) },
    candidates: (answer.explanation?.placements?.[0]?.candidates ?? []).map(readCandidate).sort(byInterest),
  };
}

const readCandidate = candidate => ({ ...candidate, eligibleAt: Number.isNaN(instantOf(candidate.eligibleAt)) ? null : instantOf(candidate.eligibleAt) });

/** The chosen first, then by probability; the removed after them, those that got furthest through the filters first. */
function byInterest(a, b) {
  return Number(b.chosen ?? false) - Number(a.chosen ?? false)
    || Number(Boolean(a.removedBy)) - Number(Boolean(b.removedBy))
    || (b.probability ?? 0) - (a.probability ?? 0)
    || FILTERS.indexOf(b.removedBy) - FILTERS.indexOf(a.removedBy);
}

/** How many candidates each filter removed, in the order the filters run. */
export function removals(candidates) {
  return FILTERS
    .map(reason => ({ reason, count: candidates.filter(candidate => candidate.removedBy === reason).length }))
    .filter(removal => removal.count > 0);
}
