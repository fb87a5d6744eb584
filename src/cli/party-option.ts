import { InvalidArgumentError } from 'commander';

const check = (pattern: RegExp, allowed: string) => (text: string) => {
  if (!pattern.test(text)) throw new InvalidArgumentError(`Allowed is ${allowed}.`);
  return text.toUpperCase();
};

/** Two letters, such as NL. */
export const parseCountryCode = check(/^[A-Za-z]{2}$/, 'a country of two letters, such as NL');
/** Three letters or digits, such as MSP. */
export const parsePartyId = check(/^[A-Za-z0-9]{3}$/, 'three letters or digits, such as MSP');
/** A party, such as NL*SCS. */
export const parseParty = check(/^[A-Za-z]{2}\*[A-Za-z0-9]{3}$/, 'a country and a party, such as NL*SCS');
/** A moment in UTC. */
export const parseMoment = check(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/, 'a moment in UTC, such as 2030-01-01T00:00:00Z');
/** A peer by the first of its parties, such as NL*MSP. */
export const parsePeer = check(/^[A-Za-z]{2}\*[A-Za-z0-9]{3}$/, 'country and party, such as NL*MSP; evenkeel peers lists them');
