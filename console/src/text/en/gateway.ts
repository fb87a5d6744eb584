import { counting } from '../plural.ts';

const counted = counting('en');

/** Stations behind a CSMS: their CSMS, whose messages are, and what the node would have sent to those that it only observes. */
export const gateway = {
  csms: 'CSMS',
  states: { connected: 'connected', away: 'away', refused: 'does not let the station in', none: 'the station is not connected' },
  since: 'CSMS since',
  lastLost: 'CSMS lost last',
  kept: 'Messages for the CSMS',
  keptOf: (kept: string, most: string) => `${kept} wait, of ${most} at most`,
  mode: 'Mode',
  modes: { act: 'the node sends its limits', observe: 'observed: the node sends nothing of its own' },
  observed: 'observed',
  of: { csms: 'CSMS', node: 'this node' },
  shadow: {
    title: 'Shadow',
    card: (count: number) => `Shadow: ${counted(count, { one: 'station is', other: 'stations are' })} observed`,
    note: 'what this node would have done, last 7 days',
    open: 'Open the shadow',
    notSent: 'Requests not sent',
    requests: (set: string, clear: string, get: string) => `${set} set, ${clear} clear, ${get} get`,
    siteLimits: 'Limits of sites not sent',
    refused: 'Requests refused',
    lowered: 'Would have been lowered',
    loweredNote: 'drawn above the limits; a car charges part of it later',
    peak: 'At most at one moment',
    above: 'Sites above their limits',
    measured: 'Measured',
    minutes: (count: string) => `${count} min`,
    hours: (count: string) => `${count} h`,
    byStation: 'By day and station',
    bySite: 'By day and site',
    days: 'days are in UTC',
    list: 'Requests that were not sent',
    listNote: 'newest first; of the limits of a site one a minute for each EVSE',
    none: 'No station is observed, and nothing is recorded',
    noneHelp: 'Stations behind a CSMS with upstream.mode: observe appear here.',
    columns: {
      day: 'Day',
      station: 'Station',
      site: 'Site',
      when: 'When',
      kind: 'Request',
      evse: 'EVSE',
      by: 'By',
      limit: 'Limit',
      metered: 'Measured',
      difference: 'Lowered by',
    },
    kinds: { set: 'set', clear: 'clear', get: 'get', 'site-limit': 'limit of the site' },
    older: 'More days are in evenkeel shadow report.',
  },
  session: {
    title: (decides: string) => `Profiles of the CSMS: ${decides}`,
    decides: { strictest: 'the lower limit applies', ours: 'limits of this node come first', csms: 'limits of the CSMS come first' },
    uncertain: 'A profile of the CSMS could not be read, or its answer was not seen: this list may be wrong.',
    none: 'The CSMS has no profile here.',
    profile: (id: number, purpose: string, level: number) => `profile ${id}, ${purpose}, stack level ${level}`,
  },
};

/** The texts about gateways, in every language. They are loaded with the pages that show them. */
export type GatewayTexts = typeof gateway;
