import { h, replaceKeepingFocus, setText } from '../../dom.js';
import { icon } from '../../icons.js';
import { orWord } from '../../i18n.js';
import { readStory } from '../storyline.js';
import { titleOf } from '../../format.js';
import { panel } from '../../panel.js';

/** The brand's storylines: which steps were seen, which are open, which comes next and what opens the others. */
export function storyView() {
  const body = h('div', { class: 'stories', 'data-testid': 'story' });
  const frame = panel('story', body);
  let drawn = {};
  return {
    node: frame.node,
    update({ told, relation, probe, now }, { t, format }) {
      setText(frame.title, t('story'));
      if (drawn.told === told && drawn.relation === relation && drawn.probe === probe && drawn.t === t) return;
      drawn = { told, relation, probe, t };
      const stories = readStory(told, relation, probe);
      replaceKeepingFocus(body, stories.length > 0
        ? stories.map(story => storyNode(story, now, t, format))
        : [h('p', { class: 'empty' }, t('story.none'))]);
    },
  };
}

function storyNode(story, now, t, format) {
  const status = story.exited ? 'exited' : story.completed ? 'completed' : story.started ? 'running' : 'waiting';
  return h('div', { class: 'story', 'data-testid': 'storyline', 'data-storyline': story.id, 'data-status': status },
    h('h3', { class: 'story-head' }, titleOf(story.id), h('span', { class: 'badge', 'data-tone': status }, t(`story.${status}`))),
    h('ol', { class: 'steps', role: 'list' }, story.steps.map((step, index) => stepNode(step, index, now, t, format))));
}

function stepNode(step, index, now, t, format) {
  const status = step.next ? 'next' : step.held ? 'held' : step.passed ? 'passed' : step.open ? 'open' : 'closed';
  return h('li', { class: 'step', 'data-testid': 'story-step', 'data-step': step.id, 'data-status': status, 'data-seen': step.seen, 'aria-current': step.next ? 'step' : null },
    h('span', { class: 'step-dot', 'aria-hidden': 'true' }, step.seen > 0 ? icon('check') : String(index + 1)),
    h('div', { class: 'step-words' },
      h('div', { class: 'step-line' }, h('strong', {}, titleOf(step.id)), h('span', { class: 'badge', 'data-tone': status }, t(`step.${status}`))),
      h('div', { class: 'step-seen' }, [step.seen > 0 ? t('step.seen', { n: step.seen }) : t('step.unseen'), step.held ? heldText(step.held, now, t, format) : null].filter(Boolean).join(' · ')),
      h('div', { class: 'ways' }, step.ways.map(way => h('span', { class: 'way', 'data-met': way.met ? 'true' : null }, icon(way.met ? 'check' : 'lock'), wayText(way, t))))));
}

function heldText(held, now, t, format) {
  const reason = orWord(t, 'reason', held.removedBy);
  return held.eligibleAt !== null && held.eligibleAt > now ? `${reason}, ${t('why.in', { d: format.duration(held.eligibleAt - now) })}` : reason;
}

function wayText(way, t) {
  if (way.kind === 'stage') return way.stages.map(stage => (t(`deep.${stage}`) === `deep.${stage}` ? orWord(t, 'aipl', stage) : t(`deep.${stage}`))).join(` ${t('way.or')} `);
  if (way.kind === 'intent') return t('way.intent', { n: way.at });
  return t(way.times > 1 ? 'way.afterTimes' : 'way.after', { step: titleOf(way.step), on: orWord(t, 'on', way.on), count: way.count, n: way.times });
}
