// The live connection: it is kept up by itself, and what is watched is watched again after each break.

import { HttpTransportType, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';

const ADDRESS = '/hubs/pulse';
/** Waits before each further try, in ms; the last one stands for all after it. */
const WAITS = [0, 500, 1_000, 2_000, 4_000];
/** A connection that was not got back for longer counts as gone. */
const OFFLINE_AFTER_MS = 6_000;
/** What the library writes before the server's own sentence. */
const REFUSAL = /^.*HubException: (?:[\w.]+: )?/s;

/**
 * `ticket()` gives an access token for one connection. Listeners: `onState('connecting' | 'live' | 'reconnecting' | 'offline')`,
 * `onPulse(pulse)`, `onShift(shift)`, `onConsumer(consumer)`, `onGone(name)` where what is watched is no more, `onRefused(name, message)` where a watch is refused.
 */
export function createHub({ ticket, onState, onPulse, onShift, onConsumer, onGone, onRefused }) {
  const watched = new Map();
  let connection = null;
  let lostAt = null;
  let tries = 0;
  let retry = null;
  let open = false;

  const invoke = async (verb, name) => {
    const [kind, id] = split(name);
    try {
      await connection.invoke(`${verb}${kind}`, id);
    } catch (error) {
      if (open && verb === 'Watch') onRefused(name, error.message.replace(REFUSAL, ''));
    }
  };

  async function start() {
    retry = null;
    connection = new HubConnectionBuilder()
      .withUrl(ADDRESS, { accessTokenFactory: ticket, skipNegotiation: true, transport: HttpTransportType.WebSockets })
      .configureLogging(LogLevel.None)
      .build();
    connection.on('pulse', onPulse);
    connection.on('shift', onShift);
    connection.on('consumer', onConsumer);
    connection.on('gone', ({ brand, consumer }) => onGone(brand === undefined ? `Consumer:${consumer}` : `Brand:${brand}`));
    connection.onclose(lost);
    try {
      await connection.start();
    } catch {
      lost();
      return;
    }
    open = true;
    lostAt = null;
    tries = 0;
    onState('live');
    for (const name of watched.keys()) invoke('Watch', name);
  }

  // A start that failed and a connection that broke go the same way: try again, ever.
  function lost() {
    open = false;
    lostAt ??= Date.now();
    onState(Date.now() - lostAt > OFFLINE_AFTER_MS ? 'offline' : 'reconnecting');
    retry ??= setTimeout(start, WAITS[Math.min(tries++, WAITS.length - 1)] * (0.75 + Math.random() / 2));
  }

  return {
    start() {
      onState('connecting');
      start();
      addEventListener('online', () => { if (retry !== null) { clearTimeout(retry); start(); } });
    },
    /** Watches `Brand:id` or `Consumer:id` until as often unwatched. */
    watch(name) {
      const times = watched.get(name) ?? 0;
      watched.set(name, times + 1);
      if (open && times === 0) invoke('Watch', name);
    },
    unwatch(name) {
      const times = watched.get(name) ?? 0;
      if (times > 1) watched.set(name, times - 1);
      else if (watched.delete(name) && open) invoke('Unwatch', name);
    },
    /** Asks for the whole again. */
    again(name) {
      if (open && watched.has(name)) invoke('Watch', name);
    },
  };
}

const split = name => {
  const colon = name.indexOf(':');
  return [name.slice(0, colon), name.slice(colon + 1)];
};
