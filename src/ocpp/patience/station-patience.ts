import type { StationId } from '../../domain/ids.ts';
import { fail, type Result } from '../../domain/result.ts';
import type { EpochMillis } from '../../domain/units.ts';
import type { Frame, Unreadable } from '../frame.ts';
import { type Log, shorten } from '../log.ts';
import type { SchemaSet } from '../schema.ts';
import type { OcppVersion } from '../station.ts';
import { boundedMoment } from './clock.ts';
import { exampleOf } from './example.ts';
import type { Oddity, PatienceLedger } from './ledger.ts';
import { patientSchemas } from './patient-schemas.ts';
import type { StationFacts } from './rules.ts';
import { meantWord } from './words.ts';

/** What the configuration says about reading the messages of a station. `strict`: violations are refused, for tests of the station's own software. */
export interface ReadingSettings extends Pick<StationFacts, 'evseIds'> {
  strict?: boolean;
}

/** Reads the messages of one station with patience, and counts each oddity; of a strict station only clocks are read so. */
export interface StationPatience {
  /** The schemas that its messages are read with. */
  schemas(official: SchemaSet): SchemaSet;
  /** A parsed frame; of a strict station an odd one counts as unreadable. */
  frame(parsed: Result<Frame, Unreadable>): Result<Frame, Unreadable>;
  /** The action that a call means, among those that the node knows. */
  action(stated: string, known: readonly string[]): string;
  /** The time of an event, bounded by the time of receipt. */
  moment(text: string | undefined): EpochMillis;
  note(oddity: Oddity): void;
}

/** Where patience with a station is counted and logged. */
export interface PatienceRecords {
  ledger: PatienceLedger;
  log: Log;
  now(): EpochMillis;
}

/** Creates the patience with one station; the first oddity of each kind is logged. */
export function stationPatience(
  { id, version, settings, transactions }: { id: StationId; version: OcppVersion; settings: ReadingSettings; transactions: StationFacts['transactions'] },
  { ledger, log, now }: PatienceRecords,
): StationPatience {
  const { strict = false } = settings;
  const note = (oddity: Oddity) => {
    if (ledger.note(id, oddity, now())) log('info', 'station-odd', { station: id, kind: oddity.kind, example: shorten(oddity.example) });
  };
  return {
    note,
    schemas: (official) => (strict ? official : patientSchemas(official, { version, facts: { evseIds: settings.evseIds, transactions }, note })),
    frame: (parsed) => {
      if (!parsed.ok || parsed.value.odd === undefined) return parsed;
      const { type, id: messageId, odd } = parsed.value;
      if (strict) return fail({ isCall: type === 'call', id: messageId, problem: odd });
      note({ kind: 'broken-frame', example: `${type}: ${odd}` });
      return parsed;
    },
    action: (stated, known) => {
      const meant = strict ? undefined : meantWord(stated, known);
      if (!meant || meant.by === 'exact') return stated;
      note({ kind: 'word-in-other-case', example: exampleOf('word-in-other-case', 'action', stated) });
      return meant.word;
    },
    moment: (text) => {
      const { at, odd } = boundedMoment(text, now());
      if (odd) note(odd);
      return at;
    },
  };
}
