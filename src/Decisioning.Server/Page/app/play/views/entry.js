// A timeline entry in words: for the timeline and for the announcer.

import { orWord } from '../../i18n.js';
import { titleOf } from '../../format.js';

const PASSED = { '1h': 3_600_000, '1d': 86_400_000, '3d': 259_200_000, '7d': 604_800_000, '15d': 1_296_000_000 };

export function entryText(entry, { t, format, brand }) {
  switch (entry.kind) {
    case 'behaviour': return orWord(t, 'act', entry.behaviour);
    case 'asked': return t('did.asked', { creative: titleOf(entry.creative) });
    case 'nothing': return t('did.nothing', { reason: orWord(t, 'reason', entry.reason) });
    case 'interaction': return t('did.interaction', { interaction: orWord(t, 'do', entry.interaction), creative: titleOf(entry.creative) });
    case 'bought': case 'refunded': return t(`did.${entry.kind}`, { value: format.money(entry.value) });
    case 'passed': return t('did.passed', { d: format.duration(entry.ms ?? PASSED[entry.duration]) });
    default: return t(`did.${entry.kind}`, { brand });
  }
}

export function effectText(effect, { t, format }) {
  switch (effect.kind) {
    case 'stage': return t('effect.stage', { from: orWord(t, 'deep', effect.from), to: orWord(t, 'deep', effect.to) });
    case 'intent': return t('effect.intent', { from: format.intent(effect.from), to: format.intent(effect.to) });
    case 'seen': return t('effect.seen', { step: titleOf(effect.step), n: effect.times });
    default: return t(`effect.${effect.kind}`, { storyline: titleOf(effect.storyline) });
  }
}
