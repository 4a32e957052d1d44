import { h, setText } from '../../dom.js';
import { button } from '../../button.js';
import { panel } from '../../panel.js';

const STEPS = [[1, 'h'], [1, 'd'], [3, 'd'], [7, 'd'], [15, 'd']];

/** Moves the sandbox's clock. */
export function timeView(session) {
  const buttons = STEPS.map(([n, unit]) => ({ n, unit, control: button({ testid: `advance-${n}${unit}`, kind: 'plain', press: () => session.advance(`${n}${unit}`) }) }));
  const hint = h('p', { class: 'hint' });
  const frame = panel('time', h('div', { class: 'times' }, buttons.map(item => item.control.node)), hint);
  return {
    node: frame.node,
    update(state, { t }) {
      setText(frame.title, t('time'));
      setText(hint, t('time.hint'));
      for (const { n, unit, control } of buttons) control.update({ label: t(`time.${unit}`, { n }), available: Number.isFinite(state.now) });
    },
  };
}
