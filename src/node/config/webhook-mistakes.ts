import { originOf } from '../../delivery/guard/origin.ts';
import type { Config } from './config.ts';

/** The rules of all outgoing requests hold for alarms and traces too. The URL is not shown, because it may hold a secret. */
export function webhookMistakes({
  alarms,
  telemetry,
  insecure_http: insecureHttp,
  reachable,
}: Pick<Config, 'alarms' | 'telemetry' | 'insecure_http' | 'reachable'>): { key: string; says: string }[] {
  const urls = { 'alarms.webhook': alarms?.webhook, 'telemetry.otlp': telemetry?.otlp };
  return Object.entries(urls).flatMap(([key, url]) => {
    const origin = url === undefined ? undefined : originOf(url, { insecureHttp, reachable, maxLength: url.length });
    return origin && !origin.ok ? [{ key, says: origin.problem }] : [];
  });
}
