import { stringify } from 'yaml';
import { EVERY } from '../../domain/contract.ts';
import type { Config } from './config.ts';

/** The configuration in YAML, with defaults filled in and secrets as `***` (SEC-25). */
export const showConfig = (config: Config): string => stringify(effectiveConfig(config), { lineWidth: 0, flowCollectionPadding: true });

/** The configuration with defaults filled in and secrets as `***` (SEC-25). */
export function effectiveConfig(config: Config): object {
  return {
    ...config,
    database: config.database.replace(/^(\w+:\/\/[^:@/]*):[^@]*@/, '$1:***@').replace(/([?&]password=)[^&]*/gi, '$1***'),
    ...(config.ocpp?.upstream && { ocpp: { ...config.ocpp, upstream: { ...config.ocpp.upstream, url: withoutQuery(config.ocpp.upstream.url) } } }),
    charge_points: config.charge_points.map(hiddenPoint),
    tokens: config.tokens.map((it) => ({ ...it, uid: shorten(it.uid), contract_id: shorten(it.contract_id) })),
    locations: config.locations.map((it) => (it.publish_allowed_to === undefined ? it : { ...it, publish_allowed_to: it.publish_allowed_to.map(hidden) })),
    ...(config.alarms && { alarms: { ...config.alarms, webhook: config.alarms.webhook.replace(/^(https?:\/\/[^/?]*).*$/s, '$1/***'), secret: '***' } }),
    consents: config.consents.map((it) => (it.token === EVERY ? it : { ...it, token: shorten(it.token) })),
  };
}

const hiddenPoint = ({ password, upstream, ...point }: Config['charge_points'][number]) => ({
  ...point,
  ...(password !== undefined && { password: '***' }),
  ...(upstream === 'none' && { upstream }),
  ...(typeof upstream === 'object' && {
    upstream: {
      ...upstream,
      ...(upstream.url !== undefined && { url: withoutQuery(upstream.url) }),
      ...(upstream.password !== undefined && { password: '***' }),
    },
  }),
});
/** The query of a URL may hold a key. */
const withoutQuery = (url: string) => url.replace(/\?.*$/s, '?***');

type AllowedToken = NonNullable<Config['locations'][number]['publish_allowed_to']>[number];
const hidden = ({ uid, visual_number, group_id, ...token }: AllowedToken): AllowedToken => ({
  ...(uid !== undefined && { uid: shorten(uid) }),
  ...(visual_number !== undefined && { visual_number: shorten(visual_number) }),
  ...(group_id !== undefined && { group_id: shorten(group_id) }),
  ...token,
});
/** Enough to distinguish cards, too little to copy one. */
const shorten = (uid: string) => (uid.length < 8 ? '***' : `***${uid.slice(-4)}`);
