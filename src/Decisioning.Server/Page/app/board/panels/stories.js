import { h } from '../../dom.js';
import { toldStorylines } from '../../catalogue.js';
import { titleOf } from '../../format.js';
import { panel } from '../../panel.js';
import { bar, drawnFrom, empty } from '../drawing.js';
import { share, storiesOf } from '../figures.js';

/** How far the stories are told: who reached each step, how many of the step before came along, how many the next one lost. */
export function storiesPanel() {
  const body = h('div', { class: 'telling' });
  const frame = panel('stories', body);
  const draw = drawnFrom((steps, words) => {
    frame.title.textContent = words.t('stories');
    frame.aside.textContent = words.t('stories.hint');
    const stories = storiesOf(withUntold(steps, words.catalogue));
    body.replaceChildren(...(stories.length > 0 ? stories.map(story => storyOf(story, words)) : [empty(words.t('stories.none'), words.t('start.traffic'))]));
  });
  return { node: frame.node, update: ({ pulse }, words) => draw(pulse.steps, words) };
}

/** Steps nobody has seen yet are in the catalogue alone. */
function withUntold(steps, catalogue) {
  const told = new Set(steps.map(step => `${step.storyline}/${step.id}`));
  const all = catalogue ? toldStorylines(catalogue) : [];
  return [...steps, ...all.flatMap(story => story.steps.map((step, index) => ({ storyline: story.id, id: step.id, index, reached: 0, rendered: 0, clicks: 0 })))
    .filter(step => !told.has(`${step.storyline}/${step.id}`))];
}

function storyOf({ id, steps }, { t, format }) {
  const first = Math.max(1, ...steps.map(step => step.reached));
  return h('article', { class: 'tale' },
    h('h3', { class: 'tale-name' }, titleOf(id)),
    h('ol', { class: 'tale-steps' }, steps.map((step, i) => h('li', { class: 'tale-step', 'data-testid': 'step', 'data-step': step.id, 'data-value': step.reached },
      h('div', { class: 'tale-line' },
        h('span', { class: 'tale-number' }, i + 1),
        h('strong', {}, titleOf(step.id)),
        h('span', { class: 'quiet' }, t('stories.click', { rate: format.rate(share(step.clicks, step.rendered)) })),
        h('b', {}, format.count(step.reached))),
      bar(step.reached / first, { class: 'bar bar-ink' }),
      i < steps.length - 1 ? h('p', { class: 'tale-drop' }, dropText(step, steps[i + 1], t, format)) : null))));
}

function dropText(step, next, t, format) {
  if (!(step.reached > 0)) return t('stories.waiting');
  const came = share(next.reached, step.reached);
  return came <= 1 ? t('stories.drop', { rate: format.percent(1 - came), n: format.count(step.reached - next.reached) }) : t('stories.gain', { rate: format.percent(came) });
}
