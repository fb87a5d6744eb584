import { Type } from 'typebox';
import type { EditionTypes } from './editions.ts';
import { NOT_AVAILABLE, reading } from './patience/schema.ts';
import { CiString, Text, Url } from './scalars.ts';

/** Image: a picture or a logo; width and height in pixels (OCPI 2.2.1 §8.4.15). */
export const image = (types: EditionTypes) =>
  Type.Object(
    {
      url: Url,
      thumbnail: Type.Optional(Url),
      category: types.imageCategory,
      type: CiString(4),
      width: Type.Optional(Type.Integer({ minimum: 0, maximum: 99_999 })),
      height: Type.Optional(Type.Integer({ minimum: 0, maximum: 99_999 })),
    },
    reading({ category: 'OTHER', type: '' }),
  );

/** BusinessDetails: name, website and logo of a company (OCPI 2.2.1 §8.4.2). */
export const businessDetails = (types: EditionTypes) =>
  Type.Object({ name: Text(100), website: Type.Optional(Url), logo: Type.Optional(image(types)) }, reading({ name: NOT_AVAILABLE }));
