import type { Duplex } from 'node:stream';
import type { StationId } from '../../domain/ids.ts';
import type { OcppVersion, Station } from '../station.ts';
import type { Keep } from './keep.ts';
import type { Observed } from './observe.ts';

/** Opens a connection to a host, encrypted for `wss:`; rejects with the reason when it cannot. The caller guards which addresses are reached. */
export type Dial = (to: { hostname: string; port: string; secure: boolean }) => Promise<Duplex>;

/** The CSMS that the messages of one station go on to. */
export interface Upstream {
  /** A ws or wss URL with the id of the station filled in. */
  url: string;
  /** The `Authorization` header for the CSMS; `pass`: the one that the station shows; undefined: none. */
  authorization: 'pass' | { header: string } | undefined;
  /** What a station gets while its CSMS is away: `keep`: the node answers and keeps its messages; `cut`: it is disconnected. */
  whenAway: 'keep' | 'cut';
  /** False: the node sends no call of its own to this station. */
  acts: boolean;
  dial: Dial;
}

/** What is remembered of a station's last connection that its CSMS let in. */
export interface LetIn {
  /** The subprotocol that the CSMS chose; an empty text: none. */
  protocol: string;
  /** Whether a header is the one that the CSMS accepted. */
  matches(authorization: string | undefined): boolean;
}

/** A station whose messages may be kept. */
export interface KeptStation {
  id: StationId;
  version: OcppVersion;
}

/** What the server needs to know of the CSMSs behind it. */
export interface Gateway {
  /** Undefined: the node itself is the CSMS of this station. */
  upstreamOf(id: StationId): Upstream | undefined;
  /** Whether the station is configured: messages of others pass, and are not observed. */
  isConfigured(id: StationId): boolean;
  /** What keeps the messages of a station while its CSMS is away; resolves when what an earlier run kept is known. */
  keepFor(station: KeptStation): Promise<Keep>;
  /** The CSMS has made a call, and the station has answered. */
  csmsCalled(station: Station, observed: Observed): Promise<void>;
  lastLetIn(id: StationId): Promise<LetIn | undefined>;
  /** The CSMS has let a station in, with this subprotocol and this `Authorization` header. */
  letIn(id: StationId, shown: { protocol: string; authorization: string | undefined }): Promise<void>;
}

/** The URL of a station at its CSMS: `{id}` stands for its id, percent-encoded. */
export const urlFor = (template: string, id: StationId): string => template.replaceAll('{id}', encodeURIComponent(id));

/** The `Authorization` header with a password of the station (OCPP 1.6 security whitepaper A00.FR.203, OCPP 2.0.1 A00.FR.203). */
export const basicHeader = (id: StationId, password: string): string => `Basic ${Buffer.from(`${id}:${password}`, 'utf8').toString('base64')}`;
