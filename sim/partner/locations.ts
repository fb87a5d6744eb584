import type { PartnerReply, RoutedRequest } from './recording-server.ts';
import { type Fields, fieldsOf, listOf, textOf } from './wire.ts';

/** The lists inside a location and the id field of their objects, from the outside in (OCPI 2.2.1 §8.3). */
const PARTS = [
  { list: 'evses', name: 'uid' },
  { list: 'connectors', name: 'id' },
] as const;

/** Answers GET, PUT and PATCH of a location, an EVSE or a connector as the Receiver, and stores the change (OCPI 2.2.1 §8.2.2). */
export function receiveLocation({ request, segments, body }: RoutedRequest, locations: Map<string, Fields>): PartnerReply {
  const [, , id, ...names] = segments;
  if (id === undefined || names.length > PARTS.length) return { http: 404, code: 2001 };
  const known = partOf(locations.get(id), names);
  const sent = fieldsOf(body);
  switch (request.method) {
    case 'GET':
      return known ? { http: 200, code: 1000, data: known } : { http: 404, code: 2003 };
    case 'PUT':
      if (names.length > 0 && !partOf(locations.get(id), names.slice(0, -1))) return { http: 404, code: 2003 };
      locations.set(id, withPart(fieldsOf(locations.get(id)), { names, part: sent, at: textOf(sent.last_updated) }));
      return { http: known ? 200 : 201, code: 1000 };
    case 'PATCH':
      if (!known) return { http: 404, code: 2003 };
      locations.set(id, withPart(fieldsOf(locations.get(id)), { names, part: { ...known, ...sent }, at: textOf(sent.last_updated) }));
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

/** Replaces or adds one part of a location; each parent gets the `last_updated` of the part. */
function withPart(whole: Fields, { names, part, at }: { names: readonly string[]; part: Fields; at: string }, depth = 0): Fields {
  const [wanted, ...deeper] = names;
  const { list, name } = PARTS[depth] ?? {};
  if (wanted === undefined || list === undefined || name === undefined) return part;
  const parts = listOf(whole[list]);
  const next = withPart(fieldsOf(parts.find((it) => it[name] === wanted)), { names: deeper, part, at }, depth + 1);
  const others = parts.some((it) => it[name] === wanted) ? parts.map((it) => (it[name] === wanted ? next : it)) : [...parts, next];
  return { ...whole, [list]: others, last_updated: at };
}
