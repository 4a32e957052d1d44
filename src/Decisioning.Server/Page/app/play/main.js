import { createHttp } from '../http.js';
import { h } from '../dom.js';
import { createFormat } from '../format.js';
import { createStore } from '../store.js';
import { alertView } from '../alert.js';
import { announcerView } from './announcer.js';
import { createSandboxApi } from './api.js';
import { createSession, initialState } from './session.js';
import { actsView } from './views/acts.js';
import { decisionView } from './views/decision.js';
import { journeyView } from './views/journey.js';
import { setupView } from './views/setup.js';
import { storyView } from './views/story.js';
import { timelineView } from './views/timeline.js';
import { timeView } from './views/time.js';
import { whyView } from './views/why.js';

const HEARTBEAT_MS = 5_000;

/**
 * Playing one consumer against the sandbox. `show(route, words)` when the address leads here, `hide()` when it leads elsewhere;
 * `onHeader` hears what the header is to show.
 */
export function createPlay({ key, announcerNode, onHeader }) {
  const store = createStore(initialState);
  const http = createHttp({
    key,
    onReach(reached) {
      const reach = reached ? 'online' : 'offline';
      if (store.get().reach !== reach) store.set({ reach });
    },
  });
  const session = createSession(createSandboxApi(http), store);
  const views = {
    setup: setupView(session), journey: journeyView(), time: timeView(session), acts: actsView(session), decision: decisionView(session), why: whyView(session),
    story: storyView(), timeline: timelineView(), alert: alertView(session),
  };
  const announcer = announcerView(announcerNode);
  const node = h('main', { class: 'page', tabindex: -1 },
    views.setup.node,
    views.journey.node,
    h('div', { class: 'column column-see' }, views.decision.node, views.why.node),
    h('div', { class: 'column column-do' }, views.time.node, views.acts.node),
    h('div', { class: 'column column-told' }, views.story.node, views.timeline.node),
    views.alert.node);

  let shell = null;
  let words = null;
  let heart = null;

  /** The words change only with the language and the brand: views compare them to know when to redraw. */
  function currentWords({ catalogue }) {
    if (words?.t !== shell.t || words.catalogue !== catalogue) {
      words = { t: shell.t, catalogue, format: createFormat(shell.language, catalogue?.timeZone ?? 'UTC', catalogue?.currency) };
    }
    return words;
  }

  function update(state) {
    if (!shell) return;
    const now = currentWords(state);
    for (const view of Object.values(views)) view.update(state, now);
    announcer.update(state, now);
    onHeader({ reach: state.reach, busy: state.busy, clock: { now: state.now, format: now.format } });
  }

  store.subscribe(update);
  return {
    node,
    show(route, shellWords) {
      shell = shellWords;
      update(store.get());
      if (heart !== null) return;
      heart = setInterval(() => { if (!document.hidden) session.heartbeat(); }, HEARTBEAT_MS);
      session.open(route);
    },
    hide() {
      clearInterval(heart);
      heart = null;
      shell = null;
    },
  };
}
