import { h, replaceKeepingFocus, setText } from '../../dom.js';
import { icon } from '../../icons.js';
import { button } from '../../button.js';

/** Which brand, which consumer, and what a request says of them. */
export function setupView(session) {
  const brandName = h('span', { class: 'field-name' });
  const brand = h('select', { class: 'select', 'data-testid': 'brand-select', on: { change: () => session.selectBrand(brand.value) } });
  const consumerName = h('span', { class: 'field-name' });
  const consumer = h('code', { class: 'consumer-id', 'data-testid': 'consumer-id' });
  const fresh = button({ testid: 'new-consumer', kind: 'plain', glyph: 'personAdd', press: () => session.newConsumer() });
  const profileName = h('span', { class: 'field-name' });
  const summary = h('span', { class: 'profile-summary' });
  const hint = h('p', { class: 'hint' });
  const fields = h('div', { class: 'profile-fields' });
  const profile = h('details', { class: 'profile' },
    h('summary', { class: 'profile-head', 'data-testid': 'profile' }, profileName, summary, icon('chevron')),
    h('div', { class: 'profile-body' }, hint, fields));
  profile.addEventListener('keydown', event => {
    if (event.key !== 'Escape' || !profile.open) return;
    profile.open = false;
    profile.firstElementChild.focus();
  });
  document.addEventListener('pointerdown', event => { if (!profile.contains(event.target)) profile.open = false; });
  const node = h('div', { class: 'setup' },
    h('label', { class: 'field setup-brand' }, brandName, h('span', { class: 'select-frame' }, brand, icon('chevron'))),
    h('div', { class: 'field setup-consumer' }, consumerName, consumer),
    profile,
    fresh.node);

  let drawn = {};
  function draw(state, t) {
    if (drawn.brands !== state.brands) brand.replaceChildren(...state.brands.map(item => h('option', { value: item.id }, item.name ?? item.id)));
    if (drawn.choices !== state.choices || drawn.t !== t) {
      replaceKeepingFocus(fields, state.profile ? profileFields(state, t, session) : []);
    }
    drawn = { brands: state.brands, choices: state.choices, t };
  }

  return {
    node,
    update(state, { t }) {
      setText(brandName, t('brand'));
      setText(consumerName, t('consumer'));
      setText(consumer, state.consumer ?? '–');
      setText(profileName, t('profile'));
      setText(summary, state.profile ? summaryOf(state.profile, t) : '–');
      setText(hint, t('profile.hint'));
      fresh.update({ label: t('newConsumer'), available: Boolean(state.brand) });
      draw(state, t);
      if (state.brand && brand.value !== state.brand && !state.busy) brand.value = state.brand;
    },
  };
}

const summaryOf = (profile, t) => [
  ...Object.entries(profile.attributes).filter(([, value]) => value !== undefined).map(([name, value]) => `${name} ${value}`),
  profile.country, profile.channel, profile.consent ? null : t('consent.none'),
].filter(Boolean).join(' · ');

function profileFields({ choices, profile }, t, session) {
  const attribute = field => labelled(field.name, h('input', {
    class: 'input', type: field.kind === 'number' ? 'number' : 'text', value: profile.attributes[field.name] ?? '', 'data-testid': `attribute-${field.name}`,
    on: { change: event => session.changeAttribute(field.name, valueOf(field, event.target.value)) },
  }));
  const choice = (name, values, testid) => values.length > 0 && labelled(t(name), h('span', { class: 'select-frame' }, h('select', {
    class: 'select', 'data-testid': testid, on: { change: event => session.changeProfile({ [name]: event.target.value }) },
  }, values.map(value => h('option', { value, selected: value === profile[name] }, value))), icon('chevron')));
  return [
    ...choices.fields.map(attribute),
    choice('channel', choices.channels, 'profile-channel'),
    choice('country', choices.countries, 'profile-country'),
    choice('size', choices.sizes, 'profile-size'),
    h('label', { class: 'check' }, h('input', {
      type: 'checkbox', checked: profile.consent, 'data-testid': 'profile-consent',
      on: { change: event => session.changeProfile({ consent: event.target.checked }) },
    }), t('consent')),
  ].filter(Boolean);
}

/** What was typed, as the attribute's kind of value; undefined for an emptied field: an attribute not known. */
function valueOf(field, text) {
  if (text === '') return undefined;
  if (field.kind === 'number') return Number(text);
  return field.kind === 'boolean' ? text === 'true' : text;
}

const labelled = (name, control) => h('label', { class: 'field' }, h('span', { class: 'field-name' }, name), control);
