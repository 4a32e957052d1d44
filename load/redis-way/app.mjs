// The HTTP side: the engine's requests and replies, as far as comparisons send them.

import Fastify from 'fastify';
import { readFileSync } from 'node:fs';
import { Brands } from './brands.mjs';
import { AD_KINDS, AIPL, KINDS, STAGES, kindOf } from './plan.mjs';
import { decisionsSchema, eventsSchema } from './schemas.mjs';
import { door } from './door.mjs';
import { open, seal } from './token.mjs';

const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
const TURN = readFileSync(new URL('./turn.lua', import.meta.url), 'utf8');
const PIXELS = { i: kindOf('impression'), v: kindOf('viewable'), c: kindOf('click') };
const BODY_BYTES = 1 << 20;
const EARLIEST = 30 * 86_400_000;
const LATEST = 5 * 60_000;

/**
 * Builds the service.
 * @param redis An ioredis client with automatic pipelining: a turn is one command, and what comes in one tick goes in one round trip.
 * @param {{ key: string, secret: Buffer, rate: number, burst: number }} options The one key, what tokens are sealed with, requests a second and at once.
 */
export async function build(redis, options) {
  redis.defineCommand('turn', { numberOfKeys: 1, lua: TURN });
  const brands = new Brands(redis);
  const stop = await brands.start();
  const app = Fastify({ bodyLimit: BODY_BYTES, ajv: { customOptions: { allErrors: true, coerceTypes: false, removeAdditional: false } } });
  app.addHook('onClose', async () => stop());
  app.setErrorHandler((error, _, reply) => refuse(reply, error.statusCode ?? 500, error.validation ? 'request.invalid' : error.code ?? 'internal', error.message,
    error.validation?.map(fault => ({ pointer: fault.instancePath, detail: fault.message }))));
  const guarded = { onRequest: door(options) };

  app.get('/healthz', () => '');
  app.get('/readyz', () => '');
  app.put('/v1/brands/:brand', guarded, async (request, reply) => {
    const { version, faults } = await brands.put(request.params.brand, request.body);
    return faults.length > 0 ? refuse(reply, 422, 'catalogue.invalid', `The document has ${faults.length} faults.`, faults) : { version };
  });

  app.post('/v1/decisions', { ...guarded, schema: decisionsSchema }, async (request, reply) => {
    const { requestId = '', consumer, placements, context, events = [], brands: ids } = request.body;
    const unknown = ids?.find(id => !brands.find(id));
    if (unknown !== undefined) {
      return refuse(reply, 400, 'request.invalid', `There is no brand ${unknown}.`, [{ pointer: '/brands', detail: `There is no brand ${unknown}.` }]);
    }
    const now = Date.now();
    const read = events.map(event => readEvent(brands, options.secret, event, now));
    const taken = read.filter(e => e.row);
    const plans = await Promise.all(placements.map(p => brands.plan(p, ids, context?.country)));
    const [results, decided] = await redis.turn(
      `c:${consumer.id}`, now, Math.trunc(Math.random() * 2 ** 31), JSON.stringify(taken.map(e => e.row)), requestId || `${now}-${Math.random()}`,
      JSON.stringify(placements.map(p => p.count ?? 1)), ...plans);
    const [at, filled] = JSON.parse(decided);
    const body = {
      requestId: requestId || null,
      catalogueVersion: brands.version,
      policyVersion: 0,
      placements: placements.map((placement, p) => showPlacement(brands, options.secret, request, placement, consumer.id, at, filled[p])),
    };
    if (events.length > 0) {
      taken.forEach((e, i) => (e.status = results[i]));
      body.events = showResults(read);
    }
    return body;
  });

  const record = (earliest, latest) => async request => {
    const now = Date.now();
    const read = request.body.events.map(event => readEvent(brands, options.secret, event, now, earliest, latest));
    await Promise.all([...byConsumer(read.filter(e => e.row))].map(async ([consumer, events]) => {
      const [results] = await redis.turn(`c:${consumer}`, now, 0, JSON.stringify(events.map(e => e.row)), '', '[]');
      events.forEach((e, i) => (e.status = results[i]));
    }));
    return showResults(read);
  };
  app.post('/v1/events', { ...guarded, schema: eventsSchema }, record(EARLIEST, LATEST));
  app.post('/v1/imports', { ...guarded, schema: eventsSchema }, record(Infinity, LATEST));
  trackers(app, brands, redis, options.secret);
  return app;
}

function byConsumer(events) {
  const groups = new Map();
  for (const event of events) {
    groups.set(event.consumer, [...groups.get(event.consumer) ?? [], event]);
  }
  return groups;
}

function trackers(app, brands, redis, secret) {
  const follow = async (request, reply, kind) => {
    const decision = open(secret, request.params.token);
    if (decision === null) {
      return refuse(reply, 404, 'token.unknown', 'The token is not one of this server\'s; nothing was recorded.');
    }
    const [consumer, brand] = decision;
    await redis.turn(`c:${consumer}`, Date.now(), 0, JSON.stringify([['', kind, brand, Date.now(), 0, touchOf(brands, decision)]]), '', '[]');
    return decision;
  };
  app.get('/t/:kind(^[ivc]$)/:token', async (request, reply) => {
    const decision = await follow(request, reply, PIXELS[request.params.kind]);
    if (reply.sent) {
      return reply;
    }
    reply.header('cache-control', 'no-store');
    return request.params.kind === 'c'
      ? reply.redirect(brands.at(decision[1]).names.creatives.get(decision[4]).landing)
      : reply.type('image/gif').send(GIF);
  });
  app.all('/t/e/:token', async (request, reply) => {
    const kind = ['watched', 'skip', 'engage', 'dismiss'].includes(request.query.k) ? kindOf(request.query.k) : 0;
    if (kind === 0) {
      return refuse(reply, 400, 'request.invalid', 'k must be one of watched, skip, engage, dismiss.');
    }
    await follow(request, reply, kind);
    return reply.sent ? reply : reply.code(204).send();
  });
}

// What a token holds: [consumer, brand, campaign, step, creative, ordinal, at, reserve].
function touchOf(brands, [, brand, campaign, step, creative, ordinal, at, reserve]) {
  const price = brands.at(brand)?.names.campaigns.get(campaign)?.price ?? 0;
  return [ordinal, campaign, step, creative, at, reserve, `s:${brand}:${campaign}`, price];
}

// An event as turn.lua takes it, or why not.
function readEvent(brands, secret, event, now, earliest = EARLIEST, latest = LATEST) {
  const read = { id: event.eventId, consumer: event.consumerId };
  const at = Date.parse(event.occurredAt);
  const brand = brands.find(event.brand);
  const decision = event.decisionId ? open(secret, event.decisionId) : null;
  const code = !KINDS.includes(event.type) ? 'event.unknown_type'
    : brand === undefined ? 'event.unknown_brand'
    : now - at > earliest ? 'event.too_old'
    : at - now > latest ? 'event.in_future'
    : AD_KINDS.includes(event.type) && !event.decisionId ? 'event.missing_field'
    : event.decisionId && (decision === null || decision[1] !== brand.number) ? 'event.decision_unknown'
    : null;
  return code === null
    ? { ...read, row: [event.eventId, kindOf(event.type), brand.number, at, event.rating ?? 0, AD_KINDS.includes(event.type) ? touchOf(brands, decision) : null] }
    : { ...read, code };
}

function showResults(read) {
  const results = read.map(e => (e.code
    ? { eventId: e.id, status: 'rejected', code: e.code, detail: `The event was refused: ${e.code}.` }
    : { eventId: e.id, status: e.status === 1 ? 'accepted' : 'duplicate' }));
  const count = status => results.filter(r => r.status === status).length;
  return { accepted: count('accepted'), duplicates: count('duplicate'), rejected: count('rejected'), results };
}

function showPlacement(brands, secret, request, placement, consumer, at, [rows, short]) {
  const base = `${request.protocol}://${request.host}/t`;
  const decisions = (rows || []).map(([brand, campaign, step, creative, stage, intent, score, propensity, ordinal]) => {
    const { id, names, reserve } = brands.at(brand);
    const token = seal(secret, [consumer, brand, campaign, step, creative, ordinal, at, reserve]);
    const named = names.campaigns.get(campaign);
    return {
      decisionId: token, brand: id, campaign: named.id, storyline: named.storyline, step: names.steps.get(step), creative: names.creatives.get(creative),
      stage: AIPL[stage], deeplinkStage: STAGES[stage], intent, purchaseProbability: null, score, propensity,
      impressionUrl: `${base}/i/${token}`, viewableUrl: `${base}/v/${token}`, clickUrl: `${base}/c/${token}`, eventUrl: `${base}/e/${token}`,
      expiresAt: reserve === 0 ? null : new Date(at + reserve).toISOString(),
    };
  });
  return { id: placement.id, decisions, noDecision: short ? { reason: 'frequency_cap', retryAfter: null } : null };
}

function refuse(reply, status, code, detail, errors = []) {
  return reply.code(status).type('application/problem+json').send(JSON.stringify({ type: 'about:blank', status, code, detail, errors }));
}
