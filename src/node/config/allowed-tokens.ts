import type { Config } from './config.ts';

/** Entries of `publish_allowed_to` that name no token, or a part of one only, and lists that have no effect (LOC-08). */
export const allowedTokenMistakes = ({ locations }: Pick<Config, 'locations'>): { key: string; says: string }[] =>
  locations.flatMap(({ publish, publish_allowed_to: entries }, n) => {
    const key = `locations.${n}.publish_allowed_to`;
    if (entries !== undefined && publish) return [{ key, says: 'needs publish: false: a published location is shown to everybody' }];
    return (entries ?? []).flatMap((it, at) => {
      const isWhole = it.group_id !== undefined || it.uid !== undefined || it.visual_number !== undefined;
      if (!isWhole) return [{ key: `${key}.${at}`, says: 'names no token: add uid and type, visual_number and issuer, or group_id' }];
      if ((it.uid === undefined) !== (it.type === undefined)) return [{ key: `${key}.${at}`, says: 'uid and type need each other' }];
      if ((it.visual_number === undefined) !== (it.issuer === undefined)) return [{ key: `${key}.${at}`, says: 'visual_number and issuer need each other' }];
      return [];
    });
  });
