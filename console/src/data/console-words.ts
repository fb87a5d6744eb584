import type { ActiveProfile, PeerView, Profile, SessionView, StationView } from './words.ts';

export type Role = 'view' | 'operate' | 'admin';

/** Who is signed in, or how one can be. */
export type Me =
  | { signed_in: false; ways: ('password' | 'oidc')[]; demo?: { name: string; password: string } }
  | {
      signed_in: true;
      name: string;
      role: Role;
      via: 'password' | 'oidc' | 'key';
      idle_until?: string;
      ends_at?: string;
      node: { parties: { role: string; country_code: string; party_id: string; name: string }[]; public_url: string; version: string };
    };

/** Something that the security of the node is about. */
export interface Alarm {
  id: number;
  at: string;
  kind: string;
  peer?: string;
  party?: string;
  says: string;
}

/** The node in one look. */
export interface Overview {
  at: string;
  sessions: Record<string, number>;
  exchanges: { minute: string; outcome: string; count: number }[];
  stations: { connected: number; known: number };
  peers: Record<string, number>;
  halted: string[];
  security: Alarm[];
  complaints: { at: string; what: string; says: string }[];
}

/** A value from its moment on: epoch seconds, and watts or nothing. */
export type Point = readonly [at: number, watts: number | null];

/** Measured power of one location over the last hour. */
export interface Load {
  from: string;
  to: string;
  sites: { location_id: string; name?: string; sessions: number; limit_watts?: number; load: Point[] }[];
}

/** What was asked of a session, what holds for it and what it took, over time. */
export interface Series {
  session: string;
  from: string;
  to: string;
  phases?: number;
  voltage?: number;
  maximum?: { watts?: number; amperes?: number };
  requested: { at: string; by: string; exchange: string; outcome?: string; open: boolean; charging_profile?: Profile }[];
  active: { at: string; active_charging_profile: ActiveProfile }[];
  metered: { at: string; kwh: number; power?: number }[];
  lines: { requested: Point[]; active: Point[]; maximum: Point[]; metered: Point[]; limit?: Point[] };
}

/** One message that belongs to an exchange, secrets masked. */
export interface Message {
  at?: string;
  step: string;
  from: string;
  to: string;
  protocol: 'OCPI' | 'OCPP' | 'node';
  name: string;
  word?: string;
  after_ms?: number;
  body?: unknown;
}

/** What a party may do with whose sessions. */
export interface ContractView {
  id: string;
  party: string;
  may: ('see' | 'control')[];
  tokens_of?: string[];
  locations?: string[];
  evses?: string[];
  from?: string;
  until?: string;
  origin: string;
  ended_at?: string;
  consented: boolean;
  halted: boolean;
}
/** A peer with all that the node knows of it, except its tokens. */
export type PeerPage = PeerView & {
  versions_url?: string;
  origins: string[];
  contracts: ContractView[];
  consents: number;
  halted: string[];
  outcomes: { kind: string; outcome: string; count: number }[];
  rate: { last_minute: number; last_hour: number };
};

/** A charge point with all that the node knows of it. */
export type StationPage = StationView & {
  abilities?: { smart_charging: boolean; composite_schedule?: boolean; units: string[]; max_stack_level: number; max_periods: number; max_profiles?: number };
  connection: { online: boolean; ocpp?: string; epoch?: number; seen_at?: string };
  quirks: string[];
  sessions: SessionView[];
};

/** What the planner of an SCSP last decided. */
export interface Plan {
  planned_at?: string;
  sites: { location_id: string; limit: number; unit: 'A' | 'W' }[];
  sessions: {
    session: string;
    location_id: string;
    state: string;
    why: string;
    charging_profile?: Profile;
    sent_at?: string;
    underway: boolean;
    refusal?: string;
  }[];
}

/** One act at this node, and who did it. */
export interface AuditEntry {
  seq: number;
  at: string;
  by: { kind: string; id?: string; name?: string };
  act: string;
  subject?: string;
  says?: string;
  hash: string;
}
