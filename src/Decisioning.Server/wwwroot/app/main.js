import { announcerView } from './announcer.js';
import { createApi } from './api.js';
import { h } from './dom.js';
import { createFormat } from './format.js';
import { createText } from './i18n.js';
import { createPreferences } from './preferences.js';
import { createSession, initialState } from './session.js';
import { createStore } from './store.js';
import { actsView } from './views/acts.js';
import { alertView } from './views/alert.js';
import { decisionView } from './views/decision.js';
import { headerView } from './views/header.js';
import { journeyView } from './views/journey.js';
import { setupView } from './views/setup.js';
import { storyView } from './views/story.js';
import { timelineView } from './views/timeline.js';
import { timeView } from './views/time.js';
import { whyView } from './views/why.js';

const HEARTBEAT_MS = 5_000;

const store = createStore(initialState);
const api = createApi(reached => {
  const reach = reached ? 'online' : 'offline';
  if (store.get().reach !== reach) store.set({ reach });
});
const session = createSession(api, store);
const preferences = createPreferences(() => update(store.get()));

const views = {
  header: headerView(preferences), setup: setupView(session), journey: journeyView(), time: timeView(session), acts: actsView(session),
  decision: decisionView(session), why: whyView(session), story: storyView(), timeline: timelineView(), alert: alertView(session),
};
const announcer = announcerView(document.getElementById('announcer'));

document.getElementById('app').append(
  views.header.node,
  h('main', { class: 'page' },
    views.setup.node,
    views.journey.node,
    h('div', { class: 'column column-see' }, views.decision.node, views.why.node),
    h('div', { class: 'column column-do' }, views.time.node, views.acts.node),
    h('div', { class: 'column column-told' }, views.story.node, views.timeline.node)),
  views.alert.node);

let words = null;

/** The words change only with the language and the brand: views compare them to know when to redraw. */
function currentWords({ catalogue }) {
  const language = preferences.language();
  if (words?.language !== language || words.catalogue !== catalogue) {
    const format = createFormat(language, catalogue?.timeZone ?? 'UTC', catalogue?.currency);
    words = { language, catalogue, t: createText(language), format };
  }
  return words;
}

function update(state) {
  const now = currentWords(state);
  document.title = `Decisioning · ${now.t('title')}`;
  for (const view of Object.values(views)) view.update(state, now);
  announcer.update(state, now);
}

store.subscribe(update);
session.start();
setInterval(() => { if (!document.hidden) session.heartbeat(); }, HEARTBEAT_MS);
