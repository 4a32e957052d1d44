// The program: node server.mjs --redis SOCKET --key TEXT [--port N] [--rate N] [--burst N]. Prints its address once it serves; ends when its input ends.

import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { build } from './app.mjs';

const { values } = parseArgs({
  options: {
    redis: { type: 'string' }, key: { type: 'string' }, port: { type: 'string', default: '0' }, rate: { type: 'string', default: '10000' },
    burst: { type: 'string', default: '20000' },
  },
});
const missing = ['redis', 'key'].filter(name => !values[name]);
if (missing.length > 0) {
  console.error(`Missing: ${missing.map(name => `--${name}`).join(', ')}.`);
  process.exit(2);
}

const redis = new Redis({ path: values.redis, enableAutoPipelining: true });

// Every process that serves these consumers seals with the same secret.
await redis.set('secret', randomBytes(32).toString('base64'), 'NX');
const secret = Buffer.from(await redis.get('secret'), 'base64');
const app = await build(redis, { key: values.key, secret, rate: Number(values.rate), burst: Number(values.burst) });
console.log(await app.listen({ host: '127.0.0.1', port: Number(values.port) }));
process.stdin.resume().once('end', async () => {
  await app.close();
  redis.disconnect();
});
