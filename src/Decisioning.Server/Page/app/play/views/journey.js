import { h, s, replaceKeepingFocus, setAttribute, setText } from '../../dom.js';
import { orWord } from '../../i18n.js';
import { titleOf } from '../../format.js';
import { panel } from '../../panel.js';

const STAGES = [
  ['none', ['none']], ['awareness', ['discover', 'engage']], ['interest', ['enthuse', 'perform']], ['purchase', ['initial']], ['loyalty', ['numerous', 'keen']],
];

const INTERACTIONS = new Set(['impression', 'viewable', 'watched', 'click', 'skip', 'engage', 'dismiss']);

/** Where the consumer stands: AIPL and DEEPLINK on one track, and the intent with the steps it opens. */
export function journeyView() {
  const stage = h('strong', { class: 'stage-name', 'data-testid': 'stage' });
  const deep = h('span', { class: 'stage-deep', 'data-testid': 'deeplink-stage' });
  const mean = h('p', { class: 'stage-mean' });
  const track = h('ol', { class: 'track', role: 'list' });
  const intentName = h('span', { class: 'intent-name' });
  const intentValue = h('strong', { class: 'intent-value', 'data-testid': 'intent' });
  const fill = h('span', { class: 'intent-fill' });
  const marks = h('div', { class: 'intent-marks' });
  const trend = s('svg', { class: 'trend', viewBox: '0 0 120 36', preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  const evidence = h('div', { class: 'evidence', 'data-testid': 'behaviours' });
  const frame = panel('journey',
    h('div', { class: 'journey-now' }, h('p', { class: 'stage-line' }, stage, deep), mean),
    h('div', { class: 'journey-track' }, track, evidence),
    h('div', { class: 'intent' },
      h('div', { class: 'intent-line' }, intentName, intentValue, trend),
      h('div', { class: 'intent-bar' }, fill, marks)));

  return {
    node: frame.node,
    update({ relation, told, trend: points }, { t, format }) {
      setText(frame.title, t('journey'));
      setText(stage, orWord(t, 'aipl', relation.stage));
      setAttribute(stage, 'data-stage', relation.stage);
      setText(deep, orWord(t, 'deep', relation.deeplinkStage));
      setAttribute(deep, 'data-stage', relation.deeplinkStage);
      setAttribute(frame.node, 'data-stage', relation.stage);
      setText(mean, orWord(t, 'mean', relation.deeplinkStage));
      track.replaceChildren(...trackNodes(relation, t));
      setText(intentName, t('intent'));
      setText(intentValue, format.intent(relation.intent));
      setAttribute(intentValue, 'data-value', relation.intent);
      fill.style.transform = `scaleX(${Math.min(100, relation.intent) / 100})`;
      marks.replaceChildren(...intentMarks(told, relation, t));
      trend.replaceChildren(...trendLine(points));
      replaceKeepingFocus(evidence, evidenceNodes(relation, t));
    },
  };
}

function trackNodes(relation, t) {
  const reached = STAGES.findIndex(([stage]) => stage === relation.stage);
  return STAGES.map(([stage, letters], index) => h('li', {
    class: 'track-stage', 'data-of': stage, 'data-past': index > 0 && index < reached ? 'true' : null, 'data-here': index === reached ? 'true' : null,
    'aria-current': index === reached ? 'step' : null,
  },
  h('span', { class: 'track-name' }, t(`aipl.${stage}`)),
  h('span', { class: 'track-cells' }, letters.map(letter => h('span', { class: 'track-cell', 'data-here': letter === relation.deeplinkStage ? 'true' : null }, h('span', { class: 'track-bar' }), h('span', { class: 'track-deep' }, t(`deep.${letter}`)))))));
}

function intentMarks(told, relation, t) {
  const steps = told.flatMap(storyline => storyline.steps).filter(step => step.minIntent !== undefined);
  return steps.map(step => {
    const mark = h('span', { class: 'intent-mark', 'data-met': relation.intent >= step.minIntent ? 'true' : null, title: t('intent.opens', { step: titleOf(step.id), at: step.minIntent }) },
      h('span', { class: 'intent-mark-text' }, `${titleOf(step.id)} ${step.minIntent}`));
    mark.style.insetInlineStart = `${step.minIntent}%`;
    return mark;
  });
}

/** The intent at each look, by the sandbox's time; a flat line while no time has passed. */
function trendLine(points) {
  if (points.length < 2) return [];
  const [first, last] = [points[0].at, points[points.length - 1].at];
  const span = Math.max(1, last - first);
  const spots = points.map((point, index) => {
    const x = last > first ? (point.at - first) / span : index / (points.length - 1);
    return `${(2 + x * 114).toFixed(1)} ${(33 - Math.min(100, point.intent) * 0.3).toFixed(1)}`;
  });
  return [s('path', { class: 'trend-line', d: `M${spots.join(' L')}`, 'vector-effect': 'non-scaling-stroke' })];
}

function evidenceNodes({ behaviours }, t) {
  const known = Object.entries(behaviours).map(([name, value]) => [name, value?.count ?? value]).filter(([, count]) => Number(count) > 0);
  if (known.length === 0) return [h('span', { class: 'evidence-none' }, t('behaviours.none'))];
  return known.map(([name, count]) => h('span', { class: 'chip' }, nameOf(name, t), h('b', {}, `×${count}`)));
}

/** A behaviour by its act, an interaction by what was done with the creative. */
const nameOf = (name, t) => orWord(t, INTERACTIONS.has(name) ? 'do' : 'act', name);
