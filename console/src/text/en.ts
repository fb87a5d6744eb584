import * as acts from './en/acts.ts';
import { alarm } from './en/alarms.ts';
import * as codes from './en/codes.ts';
import * as messages from './en/messages.ts';
import * as peers from './en/peers.ts';
import * as sessions from './en/sessions.ts';
import * as shell from './en/shell.ts';
import { siteDay } from './en/site-day.ts';
import * as sites from './en/sites.ts';
import * as trouble from './en/trouble.ts';
import { why } from './en/why.ts';

/** The texts of the console in English. Their shape is the shape of every language. */
export const en = { ...shell, ...sessions, ...peers, ...sites, ...acts, ...codes, ...messages, ...trouble, alarm, siteDay, why };

/** All texts of the console, grouped by page and noun. */
export type Texts = typeof en;
