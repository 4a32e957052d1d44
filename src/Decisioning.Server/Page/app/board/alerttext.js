import { titleOf } from '../format.js';

/** An alert as a sentence. */
export function alertText(alert, { t, format }) {
  switch (alert.kind) {
    case 'silent': return t('alert.silent', { at: format.stamp(alert.since) });
    case 'render': return t('alert.render', { rate: format.percent(alert.rate) });
    default: return t(`alert.${alert.kind}`, { campaign: titleOf(alert.campaign), rate: format.percent(Math.abs(alert.off)) });
  }
}
