import { h, replaceKeepingFocus, setText } from '../dom.js';
import { icon } from '../icons.js';
import { titleOf } from '../format.js';
import { panel } from '../panel.js';
import { drawnFrom, empty } from './drawing.js';

const MOST_SHOWN = 100;
const PATH = /^\/(campaigns|creatives)\/(.+)\/status$/;
const STATUSES = ['active', 'paused'];

/** Who changed what, the newest first; the newest change of a status can be taken back. */
export function auditView(board) {
  const body = h('ol', { class: 'audit' });
  const frame = panel('audit', body);
  const draw = drawnFrom((audit, brand, words) => {
    const { t } = words;
    setText(frame.title, t('audit'));
    setText(frame.aside, t('audit.hint'));
    if (!audit) body.replaceChildren(empty(t('waiting')));
    else if (audit.error) body.replaceChildren(empty(t('audit.refused'), audit.error.message));
    else if (audit.entries.length === 0) body.replaceChildren(empty(t('audit.none'), t('audit.how')));
    else replaceKeepingFocus(body, rowsOf(audit.entries, brand, board, words));
  });
  return {
    node: frame.node,
    show: route => board.loadAudit(route.brand),
    update: (state, brand, words) => draw(state.audits[brand], brand, words),
  };
}

function rowsOf(entries, brand, board, words) {
  const newestFirst = [...entries].sort((a, b) => Date.parse(b.at) - Date.parse(a.at)).slice(0, MOST_SHOWN);
  const last = new Set();
  return newestFirst.map(entry => {
    const change = statusChange(entry);
    const thing = change && `${change.kind}/${change.item}`;
    const undoable = change && !last.has(thing);
    last.add(thing);
    return rowOf(entry, change, undoable, brand, board, words);
  });
}

/** { kind, item, status } where an entry is a change of status, else null. */
function statusChange({ path, after }) {
  const [, kind, item] = PATH.exec(path ?? '') ?? [];
  return kind && STATUSES.includes(after) ? { kind, item, status: after } : null;
}

function otherText({ action, path, after }, t) {
  if (path) return t('audit.other', { action, path });
  return action === 'delete' ? t('audit.delete') : t('audit.put', { version: after });
}

function rowOf(entry, change, undoable, brand, board, { t, format }) {
  return h('li', { class: 'audit-row', 'data-testid': 'audit-row', 'data-path': entry.path },
    h('time', { class: 'quiet', datetime: entry.at }, format.stamp(Date.parse(entry.at))),
    h('div', { class: 'audit-words' },
      h('strong', {}, change ? t(`audit.${change.status}`, { what: `${t(`audit.${change.kind}`)} ${titleOf(change.item)}` }) : otherText(entry, t)),
      h('span', { class: 'quiet' }, t('audit.by', { key: entry.key || t('audit.noKey') }))),
    undoable ? h('button', {
      type: 'button', class: 'button button-plain button-small', 'data-testid': `undo-${change.kind}-${change.item}`, on: { click: () => board.undo(brand, change) },
    }, icon('refund'), t('undo')) : null);
}
