import type { Texts } from './en.ts';
import * as acts from './nl/acts.ts';
import { alarm } from './nl/alarms.ts';
import * as codes from './nl/codes.ts';
import * as messages from './nl/messages.ts';
import * as peers from './nl/peers.ts';
import * as sessions from './nl/sessions.ts';
import * as shell from './nl/shell.ts';
import { siteDay } from './nl/site-day.ts';
import * as sites from './nl/sites.ts';
import * as trouble from './nl/trouble.ts';
import { why } from './nl/why.ts';

/** The texts of the console in Dutch. */
export const nl: Texts = { ...shell, ...sessions, ...peers, ...sites, ...acts, ...codes, ...messages, ...trouble, alarm, siteDay, why };
