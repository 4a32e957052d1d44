// The catalogue: kept in Redis, held compiled in each process, which reloads it when another one has changed it.

import { compile, planOf } from './plan.mjs';

const KEY = 'catalogue';
const CHANNEL = 'catalogue';
const MOST_PLANS = 1_000;
const PACK = 'return cmsgpack.pack(cjson.decode(ARGV[1]))';

export class Brands {
  #redis;
  #byId = new Map();
  #byNumber = new Map();
  #plans = new Map();
  version = '0';

  /** @param redis An ioredis client. */
  constructor(redis) {
    this.#redis = redis;
  }

  /** Reads the catalogue, and again whenever a process says that it changed. */
  async start() {
    const subscriber = this.#redis.duplicate();
    await subscriber.subscribe(CHANNEL);
    subscriber.on('message', (_, version) => version === this.version || this.#load());
    await this.#load();
    return () => subscriber.disconnect();
  }

  /** Replaces a brand; changes of one brand come from one process at a time. */
  async put(id, document) {
    const before = await this.#redis.hget(KEY, id);
    const { number, symbols } = before ? JSON.parse(before) : { number: await this.#redis.incr('brands'), symbols: {} };
    const { faults } = compile(document, symbols);
    if (faults.length > 0) {
      return { faults };
    }
    await this.#redis.hset(KEY, id, JSON.stringify({ number, symbols, document }));
    const version = String(await this.#redis.incr('version'));
    await this.#load();
    await this.#redis.publish(CHANNEL, version);
    return { version, faults };
  }

  find(id) {
    return this.#byId.get(id);
  }

  at(number) {
    return this.#byNumber.get(number);
  }

  /** The packed plan of a placement; the same placement has the same plan until the catalogue changes. */
  async plan(placement, ids, country) {
    const key = JSON.stringify([placement.channel, placement.formats, placement.size, ids, country]);
    const found = this.#plans.get(key);
    if (found !== undefined) {
      return found;
    }
    const brands = ids === undefined ? this.#byId.values() : ids.map(id => this.#byId.get(id));
    const packed = await this.#redis.evalBuffer(PACK, 0, JSON.stringify(planOf(brands, placement, country)));
    if (this.#plans.size === MOST_PLANS) {
      this.#plans.clear();
    }
    this.#plans.set(key, packed);
    return packed;
  }

  async #load() {
    const [entries, version] = await Promise.all([this.#redis.hgetall(KEY), this.#redis.get('version')]);
    const brands = Object.entries(entries).map(([id, text]) => {
      const { number, symbols, document } = JSON.parse(text);
      return { id, number, ...compile(document, symbols).brand };
    });
    this.#byId = new Map(brands.map(b => [b.id, b]));
    this.#byNumber = new Map(brands.map(b => [b.number, b]));
    this.#plans = new Map();
    this.version = version ?? '0';
  }
}
