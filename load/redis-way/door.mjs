// Who may come in, and how often: one key, kept as its hash, and a token bucket in this process.

import { hash, timingSafeEqual } from 'node:crypto';

/** A hook that answers 401 and 429. */
export function door({ key, rate, burst }) {
  const known = hash('sha256', key, 'buffer');
  const share = 1_000 / rate;
  let fullAt = 0;
  return (request, reply, next) => {
    const given = request.headers['x-api-key'];
    if (given === undefined || !timingSafeEqual(hash('sha256', given, 'buffer'), known)) {
      reply.code(401).type('application/problem+json').send('{"type":"about:blank","status":401,"code":"auth.required","detail":"A key is needed."}');
      return;
    }
    const now = performance.now();
    const after = Math.max(fullAt, now) + share;
    const wait = after - now - share * burst;
    if (wait > 0) {
      reply.code(429).header('retry-after', Math.max(1, Math.ceil(wait / 1_000))).type('application/problem+json')
        .send('{"type":"about:blank","status":429,"code":"rate.limited","detail":"Too many requests of this key."}');
      return;
    }
    fullAt = after;
    next();
  };
}
