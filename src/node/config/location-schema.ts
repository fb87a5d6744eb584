import { Type } from 'typebox';

const strict = { additionalProperties: false } as const;

/** A party as text, such as `NL*EVK`. */
export const PartyName = Type.String({ pattern: '^[A-Za-z]{2}\\*[A-Za-z0-9]{3}$', description: 'a country code and a party id, such as NL*SCS' });
/** The party with role CPO that a charge point or a location belongs to. */
export const OwnParty = Type.String({
  pattern: '^[A-Za-z]{2}\\*[A-Za-z0-9]{3}$',
  description: 'the party with role CPO that it belongs to, such as NL*EVK; needed only when parties has several',
});

/** A text field of OCPI: no control characters, at most `max` characters. */
const textField = (max: number, description: string) =>
  Type.String({ minLength: 1, maxLength: max, pattern: '^[^\\p{Cc}\\p{Cs}]*$', description: `${description}; at most ${max} characters, no line breaks` });

const AllowedToken = Type.Object(
  {
    uid: Type.Optional(textField(36, 'the uid of a token')),
    type: Type.Optional(Type.Unsafe<'AD_HOC_USER' | 'APP_USER' | 'OTHER' | 'RFID'>({ type: 'string', enum: ['AD_HOC_USER', 'APP_USER', 'OTHER', 'RFID'] })),
    visual_number: Type.Optional(textField(64, 'the number printed on a card')),
    issuer: Type.Optional(textField(64, 'the issuer printed on the card')),
    group_id: Type.Optional(textField(36, 'the group of tokens')),
  },
  strict,
);

/** A location of the charge points, as drivers see it. */
export const LocationEntry = Type.Object(
  {
    id: Type.String({ pattern: '^(?!\\.{1,2}$)[\\x20-\\x7E]{1,36}$', description: '1 to 36 printable characters; charge_points refer to it by location_id' }),
    party: Type.Optional(OwnParty),
    name: Type.Optional(textField(255, 'the name that drivers know')),
    address: textField(255, 'street and number'),
    city: textField(45, 'city or town'),
    postal_code: Type.Optional(textField(10, 'postal code; omit it where the country has none')),
    country: Type.String({ pattern: '^[A-Z]{3}$', description: 'the three letters of ISO 3166-1 alpha-3, such as NLD' }),
    coordinates: Type.Object(
      {
        latitude: Type.String({ pattern: '^-?[0-9]{1,2}\\.[0-9]{5,7}$', description: 'degrees in quotes with five to seven decimals, such as "52.37403"' }),
        longitude: Type.String({ pattern: '^-?[0-9]{1,3}\\.[0-9]{5,6}$', description: 'degrees in quotes with five or six decimals, such as "4.88969"' }),
      },
      { ...strict, description: 'position in WGS 84' },
    ),
    time_zone: Type.String({ pattern: '^[A-Za-z0-9_+/-]{1,255}$', description: 'a name of the IANA time zone database, such as Europe/Amsterdam' }),
    publish: Type.Boolean({ default: true, description: 'whether apps and websites may show the location' }),
    publish_allowed_to: Type.Optional(
      Type.Array(AllowedToken, {
        minItems: 1,
        description: 'with publish: false, the tokens whose owners may see the location: uid and type, visual_number and issuer, or group_id',
      }),
    ),
  },
  strict,
);
