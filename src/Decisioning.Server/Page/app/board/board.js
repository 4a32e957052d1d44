// What the board knows, and what it does: brands, their pulses and documents, who changed what. Views read the store; they call only this.

import { createHttp } from '../http.js';
import { readCatalogue } from '../catalogue.js';
import { createStore } from '../store.js';
import { createBoardApi } from './api.js';
import { createHub } from './hub.js';
import { follows, merged } from './pulse.js';

const RETRY_MS = 3_000;

const initialState = {
  connection: 'connecting', busy: 0, error: null, brands: null, documents: {}, pulses: {}, refused: {}, audits: {}, consumers: {}, clockOffset: 0,
};

/** Which statuses stand against each other: setting one is undone by setting the other. */
const OPPOSITE = { paused: 'active', active: 'paused' };

export function createBoard(key) {
  const store = createStore(initialState);
  const put = (member, name, value) => store.set({ [member]: { ...store.get()[member], [name]: value } });
  const http = createHttp({
    key,
    onServerTime(at) {
      const offset = at - Date.now();
      if (Math.abs(offset - store.get().clockOffset) > 2_000) store.set({ clockOffset: offset });
    },
  });
  const api = createBoardApi(http);
  let started = false;

  const hub = createHub({
    ticket: api.ticket,
    onState(connection) {
      const before = store.get().connection;
      if (before === connection) return;
      store.set({ connection });
      if (connection === 'live' && before !== 'connecting') loadBrands();
    },
    onPulse(pulse) {
      put('pulses', pulse.brand, pulse);
      if (store.get().brands && !store.get().brands.some(brand => brand.id === pulse.brand)) loadBrands();
      if (store.get().refused[`Brand:${pulse.brand}`]) put('refused', `Brand:${pulse.brand}`, undefined);
    },
    onShift(shift) {
      const pulse = store.get().pulses[shift.brand];
      if (follows(pulse, shift)) {
        put('pulses', shift.brand, merged(pulse, shift));
        if (shift.rulesVersion !== undefined && shift.rulesVersion !== pulse.rulesVersion) loadDocument(shift.brand);
      } else {
        hub.again(`Brand:${shift.brand}`);
      }
    },
    onConsumer: consumer => put('consumers', consumer.id, { consumer }),
    onGone(name) {
      const [kind, id] = [name.slice(0, name.indexOf(':')), name.slice(name.indexOf(':') + 1)];
      if (kind === 'Consumer') return put('consumers', id, { error: Object.assign(new Error(id), { status: 404 }) });
      put('pulses', id, undefined);
      return loadBrands();
    },
    onRefused: (name, message) => put('refused', name, message),
  });

  /** Does one thing that was asked for; a failure is kept for the alert, with how to try again. */
  async function run(operation) {
    store.set({ busy: store.get().busy + 1, error: null });
    try {
      await operation();
    } catch (error) {
      store.set({ error: Object.assign(error, { again: () => run(operation) }) });
    } finally {
      store.set({ busy: store.get().busy - 1 });
    }
  }

  async function loadBrands() {
    try {
      store.set({ brands: await api.brands() });
      for (const { id, version } of store.get().brands) if (store.get().documents[id]?.version !== version) loadDocument(id);
    } catch (error) {
      if (error.status === 401) return;
      if (error.status === 0 || error.status >= 500) setTimeout(loadBrands, RETRY_MS);
      else store.set({ error });
    }
  }

  /** Names, zone and currency of a brand. A key that may not read it leaves the board with ids and bare figures. */
  async function loadDocument(brand) {
    try {
      const document = await api.document(brand);
      const version = store.get().brands?.find(item => item.id === brand)?.version;
      put('documents', brand, { ...readCatalogue(document), industry: document.industry, version });
    } catch (error) {
      if (error.status !== 401) put('documents', brand, { ...readCatalogue({ name: brand }), unread: true });
    }
  }

  async function loadAudit(brand) {
    try {
      put('audits', brand, { entries: await api.audit(brand) });
    } catch (error) {
      put('audits', brand, { error });
    }
  }

  const setStatus = (brand, kind, item, status) => run(async () => {
    await api.setStatus(brand, kind, item, status);
    await loadAudit(brand);
    await loadDocument(brand);
  });

  return {
    store,
    start() {
      if (started) return;
      started = true;
      loadBrands();
      hub.start();
    },
    watchBrand: brand => hub.watch(`Brand:${brand}`),
    unwatchBrand: brand => hub.unwatch(`Brand:${brand}`),
    loadAudit,
    setStatus,
    /** Takes back a change of status, where it is one: { kind, item, status }. */
    undo: (brand, change) => setStatus(brand, change.kind, change.item, OPPOSITE[change.status]),
    history: api.history,
    historyCsv: (brand, series) => run(async () => saveAs(`${brand}-${series.metric}-${series.by}.csv`, await api.historyCsv(brand, series))),
    watchConsumer(consumer) {
      hub.watch(`Consumer:${consumer}`);
      return api.consumer(consumer).then(
        found => put('consumers', consumer, { consumer: found }),
        error => put('consumers', consumer, { error }));
    },
    unwatchConsumer: consumer => hub.unwatch(`Consumer:${consumer}`),
    retry: () => store.get().error?.again?.(),
    dismissError: () => store.set({ error: null }),
    /** The server's clock, as far as its answers told it. */
    now: () => Date.now() + store.get().clockOffset,
  };
}

function saveAs(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
