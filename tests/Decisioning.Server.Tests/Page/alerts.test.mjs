// What a brand is warned of, at each threshold and next to it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertsOf, isPaced } from '../../../src/Decisioning.Server/Page/app/board/alerts.js';

const NOW = Date.parse('2026-11-10T12:00:00Z');

const campaign = more => ({ id: 'spring', active: true, paused: false, won: 0, rendered: 0, plannedMicros: null, spendTodayMicros: 0, ...more });
const pulse = (campaigns, lastEventAt = new Date(NOW).toISOString()) => ({ campaigns, activity: { lastEventAt } });
const kinds = (campaigns, lastEventAt, catalogue) => alertsOf(pulse(campaigns, lastEventAt), NOW, catalogue).map(alert => alert.kind);

test('a brand on which nothing is wrong is warned of nothing', () => {
  assert.deepEqual(kinds([campaign({ won: 100, rendered: 90, plannedMicros: 1_000_000, spendTodayMicros: 1_000_000 })]), []);
  assert.deepEqual(kinds([]), []);
});

test('a share of rendered wins below six tenths is bad, from fifty wins on', () => {
  assert.deepEqual(kinds([campaign({ won: 50, rendered: 30 })]), []);
  assert.deepEqual(kinds([campaign({ won: 50, rendered: 29 })]), ['render']);
  assert.deepEqual(kinds([campaign({ won: 49, rendered: 0 })]), []);
  assert.deepEqual(kinds([campaign({ won: 30, rendered: 17 }), campaign({ id: 'owners', won: 20, rendered: 12 })]), ['render']);
  const [alert] = alertsOf(pulse([campaign({ won: 100, rendered: 25 })]), NOW);
  assert.deepEqual(alert, { kind: 'render', level: 'bad', rate: 0.25 });
});

test('spend more than a tenth off its plan is warned of, either way', () => {
  const spent = spendTodayMicros => kinds([campaign({ plannedMicros: 1_000, spendTodayMicros })]);
  assert.deepEqual(spent(1_100), []);
  assert.deepEqual(spent(1_101), ['ahead']);
  assert.deepEqual(spent(900), []);
  assert.deepEqual(spent(899), ['behind']);
});

test('what is paused, not in flight, without a plan or spends as soon as it can is never off it', () => {
  const off = { plannedMicros: 1_000, spendTodayMicros: 0 };
  assert.deepEqual(kinds([campaign({ ...off, paused: true }), campaign({ ...off, active: false }), campaign({ plannedMicros: 0 }), campaign({})]), []);
  const asap = { campaigns: { spring: { budget: { pacing: 'asap' } } } };
  assert.deepEqual(kinds([campaign(off)], undefined, asap), []);
  assert.equal(isPaced({ id: 'spring' }, asap), false);
  assert.equal(isPaced({ id: 'spring' }, { campaigns: { spring: {} } }), true);
  assert.equal(isPaced({ id: 'spring' }, undefined), true);
});

test('a feed without an event for over two minutes has gone silent, while something is in flight', () => {
  const ago = ms => new Date(NOW - ms).toISOString();
  assert.deepEqual(kinds([campaign({})], ago(120_000)), []);
  assert.deepEqual(kinds([campaign({})], ago(120_001)), ['silent']);
  assert.deepEqual(kinds([campaign({ paused: true })], ago(120_001)), []);
  assert.deepEqual(kinds([campaign({ active: false })], ago(120_001)), []);
  assert.deepEqual(kinds([campaign({})], null), []);
});
