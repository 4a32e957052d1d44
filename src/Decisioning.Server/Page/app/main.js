import { createBoard } from './board/board.js';
import { brandView } from './board/brand.js';
import { overviewView } from './board/overview.js';
import { alertView } from './alert.js';
import { h } from './dom.js';
import { createFormat } from './format.js';
import { headerView } from './header.js';
import { createText } from './i18n.js';
import { createKey, keyView } from './key.js';
import { createPreferences } from './preferences.js';
import { readRoute } from './route.js';

/** Ages on the page ("2 s ago") move on this often. */
const BEAT_MS = 1_000;

const key = createKey();
const board = createBoard(key);
const preferences = createPreferences(() => { shell = null; render(); });
const header = headerView(preferences);
const keyDialog = keyView(key);
const alert = alertView(board);
const views = { overview: overviewView(board), brand: brandView(board) };
const slot = h('div', { class: 'slot' });
const app = document.getElementById('app');
app.append(header.node, slot, keyDialog.node);

let shell = null;
let shown = null;
let playHeader = null;
let painting = false;

/** Words of the page, and of each brand in its zone and currency; the same objects until language or document change. */
function currentShell() {
  if (shell) return shell;
  const language = preferences.language();
  const t = createText(language);
  const brands = new Map();
  shell = {
    language,
    t,
    brandWords(brand) {
      const catalogue = board.store.get().documents[brand];
      const held = brands.get(brand);
      if (held && held.catalogue === catalogue) return held;
      const words = { language, t, catalogue, format: createFormat(language, catalogue?.timeZone ?? 'UTC', catalogue?.currency) };
      brands.set(brand, words);
      return words;
    },
  };
  return shell;
}

async function viewOf(route) {
  if (route.view !== 'play' || views.play) return views[route.view];
  const { createPlay } = await import('./play/main.js');
  return views.play ??= createPlay({
    key,
    announcerNode: document.getElementById('announcer'),
    onHeader(state) { playHeader = state; drawHeader(); },
  });
}

async function follow() {
  const route = readRoute(location.hash);
  const view = await viewOf(route);
  if (readRoute(location.hash).view !== route.view) return;
  if (shown && shown.view !== view) shown.view.hide();
  const moved = shown?.route.view !== route.view || shown?.route.brand !== route.brand;
  shown = { route, view };
  if (slot.firstChild !== view.node) slot.replaceChildren(view.node, ...(route.view === 'play' ? [] : [alert.node]));
  if (route.view !== 'play') board.start();
  view.show(route, currentShell());
  if (moved) scrollTo(0, 0);
  paint();
}

function drawHeader() {
  if (!shown) return;
  const { connection, busy } = board.store.get();
  const playing = shown.route.view === 'play';
  header.update({ view: shown.route.view, ...(playing ? playHeader ?? { reach: 'connecting' } : { reach: connection, busy: busy > 0 }) }, currentShell());
}

function paint() {
  painting = false;
  if (!shown) return;
  const state = board.store.get();
  const words = currentShell();
  drawHeader();
  alert.update(state, words);
  keyDialog.update(words);
  document.title = `${titleText(words)} · Decisioning`;
  if (shown.route.view !== 'play') shown.view.update(state, words);
}

const titleText = ({ t, brandWords }) => shown.route.view === 'brand' ? brandWords(shown.route.brand).catalogue?.name ?? shown.route.brand : t(`nav.${shown.route.view}`);

/** However many frames come, the page is drawn once a frame of the screen. */
function render() {
  if (shown?.route.view === 'play') shown.view.show(shown.route, currentShell());
  if (painting) return;
  painting = true;
  requestAnimationFrame(paint);
}

board.store.subscribe(render);
addEventListener('hashchange', follow);
setInterval(() => { if (!document.hidden) render(); }, BEAT_MS);
follow();
