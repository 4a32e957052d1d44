import { h, setText } from './dom.js';

const SLOT = 'decisioning.key';

/** The API key of this browser tab. `demand` shows the entry, once a server has asked for a key. */
export function createKey() {
  let asked = () => {};
  return {
    get: () => sessionStorage.getItem(SLOT),
    set: text => sessionStorage.setItem(SLOT, text),
    forget: () => sessionStorage.removeItem(SLOT),
    demand: () => asked(),
    onDemand: listener => { asked = listener; },
  };
}

/** Asks for the key over the page; with a new one the page starts again. */
export function keyView(key) {
  const title = h('h2', { class: 'dialog-title' });
  const text = h('p', { class: 'dialog-text' });
  const label = h('span', { class: 'field-name' });
  const input = h('input', { class: 'input', type: 'password', autocomplete: 'off', spellcheck: 'false', required: true, 'data-testid': 'key-input' });
  const submit = h('button', { type: 'submit', class: 'button button-primary', 'data-testid': 'key-submit' });
  const form = h('form', { class: 'dialog-body', method: 'dialog', on: { submit: accept } },
    title, text, h('label', { class: 'field' }, label, input), submit);
  const node = h('dialog', { class: 'dialog', 'data-testid': 'key-dialog' }, form);
  key.onDemand(() => { if (!node.open) node.showModal(); });

  function accept(event) {
    event.preventDefault();
    key.set(input.value.trim());
    location.reload();
  }

  return {
    node,
    update({ t }) {
      setText(title, t('key.title'));
      setText(text, t(key.get() ? 'key.refused' : 'key.text'));
      setText(label, t('key.label'));
      setText(submit, t('key.submit'));
    },
  };
}
