import { originOf } from '../../delivery/guard/origin.ts';
import type { Config } from './config.ts';

/** The rules of all outgoing requests hold for alarms too. The URL is not shown, because it may hold a secret. */
export function webhookMistakes({
  alarms,
  insecure_http: insecureHttp,
  reachable,
}: Pick<Config, 'alarms' | 'insecure_http' | 'reachable'>): { key: string; says: string }[] {
  const origin = alarms && originOf(alarms.webhook, { insecureHttp, reachable, maxLength: alarms.webhook.length });
  return origin && !origin.ok ? [{ key: 'alarms.webhook', says: origin.problem }] : [];
}
