// One play: who the consumer is, what was asked and done, and what it changed. Views read the store; they call only this.

import { effectsBetween, readRelation } from '../consumer.js';
import { profileChoices, readCatalogue, toldStorylines, wantedProfile } from '../catalogue.js';
import { readAnswer } from './decision.js';
import { rebuiltTimeline } from './timeline.js';
import { wireDuration } from '../format.js';
import { playAddress, readRoute } from '../route.js';

const TIMELINE_LENGTH = 200;
const FORMATS = ['video', 'image', 'html', 'native'];
/** What must have happened before an interaction can: nobody clicks what was never on the screen. */
const BEFORE = { impression: [], viewable: ['impression'], watched: ['impression', 'viewable'], click: ['impression', 'viewable'], skip: ['impression'] };

const randomId = prefix => {
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  return prefix + [...bytes].map(byte => (byte % 36).toString(36)).join('');
};

const untouched = { decision: null, met: false, probe: null, relation: readRelation(null, ''), trend: [] };

/** What the store holds before anything is known. */
export const initialState = {
  reach: 'connecting', started: false, now: NaN, brands: [], brand: null, catalogue: null, choices: null, profile: null,
  consumer: null, orders: [], told: [], timeline: [], error: null, busy: false, ...untouched,
};

export function createSession(api, store) {
  let queue = Promise.resolve();
  let last = null;

  /** Runs operations one after the other; a failed one leaves the page as it was and says why. */
  function run(operation) {
    last = operation;
    const turn = queue.then(async () => {
      store.set({ busy: true });
      try {
        await operation();
        store.set({ busy: false, error: null });
      } catch (error) {
        store.set({ busy: false, error });
      }
    });
    queue = turn;
    return turn;
  }

  const note = entry => store.set({ timeline: [{ at: store.get().now, ...entry }, ...store.get().timeline].slice(0, TIMELINE_LENGTH) });

  function request(extra) {
    const { consumer, brand, profile } = store.get();
    return {
      requestId: randomId('r-'),
      consumer: { id: consumer, attributes: profile.attributes, consent: profile.consent },
      placements: [{ id: 'play', channel: profile.channel, formats: FORMATS, size: profile.size, count: 1, confirm: 'impression' }],
      context: { device: 'mobile', country: profile.country },
      brands: [brand],
      explain: true,
      ...extra,
    };
  }

  /** Reads the clock, the consumer and what would come next; returns what changed since the last reading. */
  async function refresh() {
    const { consumer, brand, met, relation: before, trend } = store.get();
    const now = await api.clock();
    const relation = readRelation(met ? await api.consumer(consumer) : null, brand);
    const probe = readAnswer(await api.decide(request({ test: true })));
    store.set({ now, relation, probe, trend: [...trend, { at: now, intent: relation.intent }].slice(-60) });
    return effectsBetween(before, relation);
  }

  /** Does something, looks again, and writes both into the timeline. Tried again, it does only what did not succeed; `act` says false where there is nothing left to do. */
  function happen(entry, act) {
    let detail;
    return run(async () => {
      detail ??= await act() ?? {};
      if (detail === false) return;
      remember();
      const effects = await refresh();
      note({ ...entry, ...detail, effects });
    });
  }

  /** Records events of one instant, that of the sandbox's clock. */
  async function record(...events) {
    const { consumer, brand } = store.get();
    const occurredAt = new Date(await api.clock()).toISOString();
    await api.record(events.map(event => ({ consumerId: consumer, brand, occurredAt, ...event })));
    store.set({ met: true });
  }

  async function openBrand(brand) {
    const catalogue = readCatalogue(await api.brand(brand));
    const choices = profileChoices(catalogue);
    store.set({ ...untouched, met: store.get().met, brand, catalogue, told: toldStorylines(catalogue), choices, profile: wantedProfile(choices), orders: [] });
  }

  function startConsumer(consumer, met) {
    const { now } = store.get();
    store.set({ ...untouched, met, consumer, orders: [], timeline: [], trend: Number.isFinite(now) ? [{ at: now, intent: 0 }] : [] });
  }

  /** The address names brand and consumer, so that a reload goes on; a consumer whom the server has not met yet has nothing to go on with. */
  function remember() {
    if (readRoute(location.hash).view !== 'play') return;
    const { brand, consumer, met } = store.get();
    history.replaceState(null, '', playAddress(brand, met ? consumer : null));
  }

  async function start({ brand: wantedBrand, consumer: wantedConsumer }) {
    store.set({ now: await api.clock(), brands: await api.brands() });
    const { brands } = store.get();
    store.set({ started: true });
    if (brands.length === 0) return;
    await openBrand(brands.some(item => item.id === wantedBrand) ? wantedBrand : brands[0].id);
    startConsumer(wantedConsumer || randomId('play-'), Boolean(wantedConsumer));
    remember();
    await refresh();
    const { relation } = store.get();
    store.set({ orders: relation.orders, timeline: rebuiltTimeline(relation) });
    if (!relation.known) note({ kind: 'met', effects: [] });
  }

  return {
    /** Begins at what the address names; come back to without a name, the play goes on where it was left. */
    open(route) {
      const { brand, consumer, started } = store.get();
      if (started && (route.brand ?? brand) === brand && (route.consumer ?? consumer) === consumer) remember();
      else run(() => start(route));
    },
    retry: () => last && run(last),
    dismissError: () => store.set({ error: null }),

    selectBrand: brand => run(async () => {
      await openBrand(brand);
      remember();
      await refresh();
      store.set({ orders: store.get().relation.orders });
      note({ kind: 'brand', effects: [] });
    }),

    newConsumer: () => run(async () => {
      startConsumer(randomId('play-'), false);
      remember();
      await refresh();
      note({ kind: 'met', effects: [] });
    }),

    changeProfile: patch => run(async () => {
      store.set({ profile: { ...store.get().profile, ...patch } });
      await refresh();
    }),

    changeAttribute: (name, value) => run(async () => {
      const { profile } = store.get();
      store.set({ profile: { ...profile, attributes: { ...profile.attributes, [name]: value } } });
      await refresh();
    }),

    ask: () => happen({ kind: 'asked' }, async () => {
      const answer = readAnswer(await api.decide(request({})));
      store.set({ decision: { ...answer, marks: [] }, met: true });
      const { decision, noDecision } = answer;
      return decision ? { creative: decision.creative?.id, step: decision.step } : { kind: 'nothing', reason: noDecision?.reason };
    }),

    interact: kind => happen({ kind: 'interaction', interaction: kind }, async () => {
      const { decision } = store.get();
      if (!decision?.decision || decision.marks.includes(kind)) return false;
      const { decisionId } = decision.decision;
      const kinds = [...BEFORE[kind], kind].filter(item => !decision.marks.includes(item));
      await record(...kinds.map(type => ({ eventId: randomId('e-'), type, decisionId })));
      store.set({ decision: { ...decision, marks: [...decision.marks, ...kinds] } });
      return { creative: decision.decision.creative?.id };
    }),

    behave(type, extra) {
      const event = { eventId: randomId('e-'), type, ...extra };
      return happen({ kind: 'behaviour', behaviour: type }, () => record(event));
    },

    buy(value) {
      const eventId = randomId('e-');
      const order = { id: randomId('o-'), value, refunded: false };
      return happen({ kind: 'bought', value }, async () => {
        await record({ eventId, type: 'purchase', orderId: order.id, value, currency: store.get().catalogue.currency, item: 'sku-1' });
        store.set({ orders: [...store.get().orders, order] });
      });
    },

    refund() {
      const eventId = randomId('e-');
      return happen({ kind: 'refunded' }, async () => {
        const order = store.get().orders.findLast(item => !item.refunded);
        if (!order) return false;
        await record({ eventId, type: 'refund', orderId: order.id, value: order.value, currency: store.get().catalogue.currency });
        store.set({ orders: store.get().orders.map(item => item === order ? { ...item, refunded: true } : item) });
        return { value: order.value };
      });
    },

    advance: duration => happen({ kind: 'passed', duration }, async () => store.set({ now: await api.advance(duration) })),

    advanceTo: at => happen({ kind: 'passed' }, async () => {
      const now = await api.clock();
      store.set({ now: await api.advance(wireDuration(at - now)) });
      return { ms: at - now };
    }),

    /** A look at the clock while nothing else goes on: shows whether the server is still there. */
    heartbeat: async () => {
      if (store.get().busy) return;
      try {
        store.set({ now: await api.clock() });
      } catch (error) {
        if (error.status !== 0) store.set({ error });
      }
    },
  };
}
