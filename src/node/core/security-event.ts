import type { PartyKey, PeerId } from '../../domain/ids.ts';

/** Attempts without a right, and other events that an operator should look at (docs/operate.md describes each). */
export const SECURITY_KINDS = [
  'forged-from',
  'foreign-to',
  'foreign-session',
  'no-contract',
  'foreign-object',
  'foreign-host',
  'party-claimed',
  'token-claimed',
  'quota-reached',
  'too-many-messages',
  'rights-lapsed',
  'rights-unchecked',
  'party-halted',
  'many-sessions-stopped',
  'guessed-passwords',
] as const;
export type SecurityKind = (typeof SECURITY_KINDS)[number];

/** One security event; `says` is for people and contains no secret. */
export interface SecurityEvent {
  kind: SecurityKind;
  peer?: PeerId;
  party?: PartyKey;
  says: string;
}
