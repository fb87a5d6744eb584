import { Type } from 'typebox';
import { Text } from '../scalars.ts';

/** A text for people, and the language it is in (OCPI 2.2.1 §16.3). */
export const DisplayText = Type.Object({ language: Text(2), text: Text(512) });
