import type { PartyKey, PeerId } from '../../domain/ids.ts';

/** What somebody tried that they had no right to, or that an operator should look at. */
export const SECURITY_KINDS = [
  'forged-from',
  'foreign-to',
  'foreign-session',
  'no-contract',
  'foreign-object',
  'foreign-host',
  'party-claimed',
  'rights-lapsed',
  'party-halted',
  'many-sessions-stopped',
  'guessed-passwords',
] as const;
export type SecurityKind = (typeof SECURITY_KINDS)[number];

/** One such thing; `says` is for people, and holds no secret. */
export interface SecurityEvent {
  kind: SecurityKind;
  peer?: PeerId;
  party?: PartyKey;
  says: string;
}
