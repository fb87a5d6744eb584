import type { PartnerReply, Visit } from './recording-server.ts';
import { type Fields, fieldsOf, listOf, textOf } from './wire.ts';

/** The lists that hold the parts of a location, and what names each part (OCPI 2.2.1 §8.3). */
const PARTS = [
  { list: 'evses', name: 'uid' },
  { list: 'connectors', name: 'id' },
] as const;

/** What the Receiver of locations makes of GET, PUT and PATCH of a location, an EVSE or a connector (OCPI 2.2.1 §8.2.2). */
export function hearLocation({ request, segments, body }: Visit, locations: Map<string, Fields>): PartnerReply {
  const [, , id, ...names] = segments;
  if (id === undefined || names.length > PARTS.length) return { http: 404, code: 2001 };
  const known = partOf(locations.get(id), names);
  const told = fieldsOf(body);
  switch (request.method) {
    case 'GET':
      return known ? { http: 200, code: 1000, data: known } : { http: 404, code: 2003 };
    case 'PUT':
      if (names.length > 0 && !partOf(locations.get(id), names.slice(0, -1))) return { http: 404, code: 2003 };
      locations.set(id, withPart(fieldsOf(locations.get(id)), { names, part: told, at: textOf(told.last_updated) }));
      return { http: known ? 200 : 201, code: 1000 };
    case 'PATCH':
      if (!known) return { http: 404, code: 2003 };
      locations.set(id, withPart(fieldsOf(locations.get(id)), { names, part: { ...known, ...told }, at: textOf(told.last_updated) }));
      return { http: 200, code: 1000 };
    default:
      return { http: 405, code: 2000 };
  }
}

function partOf(whole: Fields | undefined, names: readonly string[]): Fields | undefined {
  return names.reduce<Fields | undefined>((outer, wanted, depth) => {
    const { list = '', name = '' } = PARTS[depth] ?? {};
    return listOf(outer?.[list]).find((it) => it[name] === wanted);
  }, whole);
}

/** The whole with one part replaced or added; each parent becomes as new as the part. */
function withPart(whole: Fields, { names, part, at }: { names: readonly string[]; part: Fields; at: string }, depth = 0): Fields {
  const [wanted, ...deeper] = names;
  const { list, name } = PARTS[depth] ?? {};
  if (wanted === undefined || list === undefined || name === undefined) return part;
  const parts = listOf(whole[list]);
  const next = withPart(fieldsOf(parts.find((it) => it[name] === wanted)), { names: deeper, part, at }, depth + 1);
  const others = parts.some((it) => it[name] === wanted) ? parts.map((it) => (it[name] === wanted ? next : it)) : [...parts, next];
  return { ...whole, [list]: others, last_updated: at };
}
