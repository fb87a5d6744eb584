/** The public door of a node: `await using node = await createNode(config)`. */
export type { Clock } from '../domain/clock.ts';
export type { Ask } from '../domain/exchange.ts';
export { type ExchangeId, type PeerId, type SessionKey, type StationId, sessionKey } from '../domain/ids.ts';
export type { ChargingPreferences, PreferencesAnswer, ProfileType } from '../domain/preferences.ts';
export type { ActiveChargingProfile, ChargingProfile } from '../domain/profile/charging-profile.ts';
export type { Result } from '../domain/result.ts';
export { amperes, epochSeconds, seconds, watts } from '../domain/units.ts';
export type { EventView } from './api/events/schemas.ts';
export type { ExchangeView } from './api/exchanges/schemas.ts';
export type { Refusal } from './api/refusal.ts';
export type { SessionView } from './api/sessions/schemas.ts';
export type { Reloaded } from './compose/reload-config.ts';
export type { Config } from './config/config.ts';
export { type Mistake, parseConfig, readConfigFile } from './config/config-file.ts';
export type { Journal, Step } from './core/journal.ts';
export { type Log, type LogLevel, openLog } from './core/log.ts';
export { createNode, type Node, type NodeOptions } from './node.ts';
