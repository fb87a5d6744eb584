import { Type } from 'typebox';

const strict = { additionalProperties: false } as const;
const SmartCharging = (description: string) =>
  Type.Unsafe<'strictest' | 'ours' | 'csms'>({ type: 'string', enum: ['strictest', 'ours', 'csms'], default: 'strictest', description });
const CsmsUrl = Type.String({
  pattern: '^wss?://[^\\s/?#@]+(/[^\\s?#]*)?(\\?[^\\s#]*)?$',
  maxLength: 1_000,
  description: 'a wss or ws URL without user and password; {id} stands for the id of the charge point, percent-encoded',
});

/** The CSMS that the messages of charge points go on to. */
export const Upstream = Type.Object(
  {
    url: CsmsUrl,
    authorization: Type.Unsafe<'pass' | 'own' | 'none'>({
      type: 'string',
      enum: ['pass', 'own', 'none'],
      default: 'pass',
      description: 'what the CSMS is shown: pass: what the charge point showed; own: the password in charge_points.upstream.password; none: nothing',
    }),
    tls: Type.Optional(
      Type.Object(
        { ca_file: Type.String({ minLength: 1, description: 'a PEM file with the certificates of the authorities of the CSMS' }) },
        { ...strict, description: 'trust in the certificate of the CSMS, beside the usual authorities and those of tls.ca_file' },
      ),
    ),
    when_away: Type.Unsafe<'keep' | 'cut'>({
      type: 'string',
      enum: ['keep', 'cut'],
      default: 'keep',
      description: 'while the CSMS is away: keep: the node answers charge points and keeps their messages; cut: they are disconnected',
    }),
    keep: Type.Object(
      {
        messages: Type.Integer({ minimum: 10, maximum: 1_000_000, default: 10_000, description: 'messages that are kept for one charge point at most' }),
        days: Type.Integer({ minimum: 1, maximum: 365, default: 7, description: 'days that a message is kept at most' }),
        authorize: Type.Unsafe<'tokens' | 'accept' | 'refuse'>({
          type: 'string',
          enum: ['tokens', 'accept', 'refuse'],
          default: 'tokens',
          description: 'which tokens may charge while the CSMS is away: tokens: those that this node knows as valid; accept: all; refuse: none',
        }),
      },
      { ...strict, default: {}, description: 'what is kept for the CSMS while it is away, for each charge point' },
    ),
    smart_charging: SmartCharging('who wins where the CSMS has charging profiles of its own: strictest: the lower limit; ours: this node; csms: the CSMS'),
    mode: Type.Unsafe<'act' | 'observe'>({
      type: 'string',
      enum: ['act', 'observe'],
      default: 'act',
      description: 'observe: the node sends nothing of its own, and records what it would have sent; see evenkeel shadow report',
    }),
  },
  { ...strict, description: 'a CSMS (charging back end): each charge point connects here, and this node connects to the CSMS as that charge point' },
);

/** What differs for one charge point. */
export const StationUpstream = Type.Union(
  [
    Type.Literal('none'),
    Type.Object(
      {
        url: Type.Optional(CsmsUrl),
        password: Type.Optional(
          Type.String({ minLength: 8, maxLength: 40, description: 'the password of the charge point at the CSMS, where it differs from the one here' }),
        ),
        smart_charging: Type.Optional(SmartCharging('who wins for this charge point; default: as in ocpp.upstream')),
        mode: Type.Optional(Type.Unsafe<'act' | 'observe'>({ type: 'string', enum: ['act', 'observe'], description: 'default: as in ocpp.upstream' })),
      },
      strict,
    ),
  ],
  { description: 'none: this node is the CSMS of the charge point; or what differs from ocpp.upstream: url, password, smart_charging, mode' },
);

/** What happens to charge points that are not in the configuration. */
export const UnknownStations = Type.Unsafe<'pass' | 'refuse'>({
  type: 'string',
  enum: ['pass', 'refuse'],
  default: 'refuse',
  description: 'charge points that are not in charge_points: pass: their messages pass to the CSMS untouched; refuse: they are not let in',
});
