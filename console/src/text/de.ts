import * as acts from './de/acts.ts';
import { alarm } from './de/alarms.ts';
import * as codes from './de/codes.ts';
import * as messages from './de/messages.ts';
import * as peers from './de/peers.ts';
import * as sessions from './de/sessions.ts';
import * as shell from './de/shell.ts';
import { siteDay } from './de/site-day.ts';
import * as sites from './de/sites.ts';
import * as trouble from './de/trouble.ts';
import { why } from './de/why.ts';
import type { Texts } from './en.ts';

/** The texts of the console in German. */
export const de: Texts = { ...shell, ...sessions, ...peers, ...sites, ...acts, ...codes, ...messages, ...trouble, alarm, siteDay, why };
