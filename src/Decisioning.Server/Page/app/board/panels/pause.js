import { h } from '../../dom.js';
import { icon } from '../../icons.js';
import { titleOf } from '../../format.js';

/** Pauses or resumes a campaign or creative. */
export function pauseButton(board, { brand, kind, item, paused, words = false }, t) {
  const verb = t(paused ? 'resume' : 'pause');
  return h('button', {
    type: 'button', class: `button button-plain button-small${words ? '' : ' button-icon'}`, 'data-testid': `pause-${kind}-${item}`, 'data-paused': paused ? 'true' : 'false',
    'aria-label': `${verb}: ${titleOf(item)}`, title: verb, on: { click: () => board.setStatus(brand, kind, item, paused ? 'active' : 'paused') },
  }, icon(paused ? 'watched' : 'pause'), words ? verb : null);
}
