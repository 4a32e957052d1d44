import { h, setText } from '../dom.js';
import { empty } from './drawing.js';
import { flowTotals } from './figures.js';
import { activityPanel } from './panels/activity.js';
import { assetsPanel } from './panels/assets.js';
import { campaignsPanel } from './panels/campaigns.js';
import { channelsPanel } from './panels/channels.js';
import { creativesPanel } from './panels/creatives.js';
import { creditsPanel } from './panels/credits.js';
import { flowsPanel } from './panels/flows.js';
import { goalsPanel } from './panels/goals.js';
import { intentPanel } from './panels/intent.js';
import { moneyPanel } from './panels/money.js';
import { reasonsPanel } from './panels/reasons.js';
import { stagesPanel } from './panels/stages.js';
import { storiesPanel } from './panels/stories.js';

/** A brand as it is now: every figure of its pulse. */
export function liveView(board) {
  const panels = [
    activityPanel(), stagesPanel(), flowsPanel(), goalsPanel(), storiesPanel(), campaignsPanel(board), creativesPanel(board),
    channelsPanel(), reasonsPanel(), intentPanel(), creditsPanel(), moneyPanel(), assetsPanel(),
  ];
  const start = h('p', { class: 'start-hint' });
  const grid = h('div', { class: 'live' }, panels.map(item => item.node));
  const waiting = h('div', { class: 'panel live-waiting' });
  const node = h('div', {}, start, waiting, grid);
  let flows = { of: null, totals: [] };

  return {
    node,
    update(state, brand, words) {
      const pulse = state.pulses[brand];
      const refused = state.refused[`Brand:${brand}`];
      grid.hidden = !pulse;
      waiting.hidden = Boolean(pulse);
      const nothingYet = pulse && pulse.activity.events === 0 && pulse.activity.decisions === 0;
      start.hidden = !nothingYet;
      setText(start, nothingYet ? words.t('start.hint') : '');
      if (!pulse) {
        waiting.replaceChildren(empty(refused ?? words.t('waiting'), refused ? words.t('waiting.refused') : words.t('waiting.hint')));
        return;
      }
      if (flows.of !== pulse.flows) flows = { of: pulse.flows, totals: flowTotals(pulse.flows) };
      const shown = { pulse, flows: flows.totals, now: board.now() };
      for (const item of panels) item.update(shown, words);
    },
  };
}
