import { type TProperties, Type } from 'typebox';

const object = <P extends TProperties>(properties: P, description: string) =>
  Type.Object(properties, { additionalProperties: false, default: {}, description });
const RateEntry = (burst: number, every: number, description: string) =>
  object(
    {
      burst: Type.Integer({ minimum: 1, maximum: 1_000_000, default: burst }),
      every: Type.Number({ minimum: 0, maximum: 86_400, default: every }),
    },
    description,
  );
const StoredEntry = (normal: number, description: string) => Type.Integer({ minimum: 1, maximum: 1_000_000_000, default: normal, description });

/** The limits for requests, messages and objects of other parties. */
export const Limits = object(
  {
    party_and_session: RateEntry(20, 10, 'requests of one party about one session; burst: how many at once, every: s between further ones'),
    station: RateEntry(60, 1, 'requests to one charge point'),
    party: RateEntry(1_000, 0.005, 'requests of one party'),
    session_interval: Type.Number({ minimum: 0, maximum: 3_600, default: 0, description: 's between two profiles of one session; 0: no limit' }),
    cuts_alarm: Type.Integer({
      minimum: 1,
      maximum: 1_000_000,
      default: 200,
      description: 'sessions that one party may stop within a minute before an alarm',
    }),
    messages: RateEntry(5_000, 0.002, 'messages of one party to one module, other than requests about profiles; beyond it the answer is HTTP 429'),
    stored: object(
      {
        tokens: StoredEntry(2_000_000, 'tokens of one party'),
        sessions: StoredEntry(10_000_000, 'sessions of one party'),
        locations: StoredEntry(200_000, 'locations of one party'),
      },
      'objects that are stored for one party; a new one beyond the number is refused and not pulled',
    ),
  },
  'rate limits for requests of others; beyond them the answer is TOO_OFTEN. every: 0 means no limit',
);
