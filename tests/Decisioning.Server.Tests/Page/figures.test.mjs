// Figures worked out of a pulse.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { incrementOf, movement, netOfLink, storiesOf, wilson } from '../../../src/Decisioning.Server/Page/app/board/figures.js';

const near = (found, wanted) => assert.ok(Math.abs(found - wanted) < 5e-4, `${found} is not ${wanted}`);

test('an interval of a share is Wilson\'s', () => {
  const { rate, low, high } = wilson(10, 100);
  near(rate, 0.1);
  near(low, 0.0552);
  near(high, 0.1744);
  assert.equal(wilson(0, 0), null);
  assert.equal(wilson(2, 1), null);
  near(wilson(0, 10).low, 0);
});

test('an increment has its interval as soon as it has an error', () => {
  assert.deepEqual(incrementOf(null), null);
  assert.equal(incrementOf({ incrementPerThousand: 3, standardError: null }), null);
  const { increment, low, high } = incrementOf({ incrementPerThousand: 50, standardError: 20 });
  near(increment, 50);
  near(low, 50 - 39.19928);
  near(high, 50 + 39.19928);
});

test('what stages gain and lose are the gross flows', () => {
  const flows = [{ from: 'none', to: 'awareness', count: 5 }, { from: 'awareness', to: 'interest', count: 2 }, { from: 'interest', to: 'erased', count: 1 }];
  assert.deepEqual(movement(flows, 'awareness'), { in: 5, out: 2 });
  assert.equal(netOfLink(flows), 4);
});

test('a story keeps of each step the part of the one before', () => {
  const [story] = storiesOf([{ storyline: 's', id: 'b', index: 1, reached: 4 }, { storyline: 's', id: 'a', index: 0, reached: 8 }, { storyline: 's', id: 'gone', index: -1, reached: 3 }]);
  assert.deepEqual(story.steps.map(step => [step.id, step.kept]), [['a', 1], ['b', 0.5]]);
});
