// What opens each step, as the catalogue states it; which of them comes next, as the engine says.

const reached = (step, relation) => (step.for ?? []).some(stage => stage === relation.stage || stage === relation.deeplinkStage);

const times = (relation, storyline, step, interaction) => relation.exposures
  .filter(exposure => exposure.storyline === storyline && exposure.step === step && exposure.interactions.includes(interaction)).length;

/** The ways a step opens, any of which is enough, each with whether it holds now. */
function conditions(storyline, step, relation) {
  const list = [];
  if (step.for) list.push({ kind: 'stage', stages: step.for, met: reached(step, relation) });
  if (step.minIntent !== undefined) list.push({ kind: 'intent', at: step.minIntent, met: relation.intent >= step.minIntent });
  for (const after of [step.after ?? []].flat()) {
    const wanted = after.times ?? 1;
    const count = times(relation, storyline, after.step, after.on);
    list.push({ kind: 'after', step: after.step, on: after.on, count: Math.min(count, wanted), times: wanted, met: count >= wanted });
  }
  return list;
}

/** Every told storyline with its steps' status: seen so often, open or not, next or not, held back by what and until when. */
export function readStory(told, relation, probe) {
  return told.map(({ id, steps }) => {
    const progress = relation.storylines[id] ?? {};
    const furthest = steps.findIndex(step => step.id === progress.furthest);
    return {
      id,
      completed: Boolean(progress.completed),
      exited: Boolean(progress.exited),
      started: Boolean(progress.startedAt),
      steps: steps.map((step, index) => {
        const ways = conditions(id, step, relation);
        return {
          id: step.id,
          creatives: step.creatives ?? [],
          seen: progress.seen?.[step.id] ?? 0,
          passed: index < furthest,
          ways,
          open: !progress.exited && ways.some(way => way.met),
          next: probe?.decision?.storyline === id && probe.decision.step === step.id,
          held: heldBack(probe, id, step.id),
        };
      }),
    };
  });
}

/** What keeps an otherwise open step from serving just now: the candidate of it that comes back first. */
function heldBack(probe, storyline, step) {
  const mine = (probe?.candidates ?? []).filter(candidate => candidate.storyline === storyline && candidate.step === step);
  if (mine.length === 0 || mine.some(candidate => !candidate.removedBy)) return null;
  const held = mine.filter(candidate => candidate.removedBy !== 'no_step');
  return held.sort((a, b) => (a.eligibleAt ?? Infinity) - (b.eligibleAt ?? Infinity))[0] ?? null;
}
