import { maskUid } from '../../domain/personal-data.ts';

/** Names in a text that may stand before a secret or before data of a driver. A text without any of them is kept as it is, without parsing it. */
const MAY_HIDE = /id_?tag|id_?token|password|authorizationkey|certificate|"data"|csr|exire|vehicleid|evccid|emaid|\\u/i;
/** Fields with the card or token of a driver: the last characters stay (SEC-25). */
const CARDS = new Set(['idtag', 'parentidtag', 'idtoken']);
/** Fields with secrets, certificates, ids of cars, or text of any kind. */
const HIDDEN = /^(password|certificate\w*|csr|exirequest|exiresponse|vehicleid|evccid|emaid|additionalidtoken|data)$/;
/** Configuration keys and variables that are secrets. */
const SECRET_SETTING = /^(authorizationkey|basicauthpassword)$/;
const plain = (name: string): string => name.replaceAll('_', '').toLowerCase();

/** An OCPP message as it may be kept: card numbers are masked, secrets are `***` (SEC-25, SEC-47). */
export function maskFrame(text: string): string {
  if (!MAY_HIDE.test(text)) return text;
  try {
    return JSON.stringify(maskParts(JSON.parse(text)));
  } catch {
    return `*** (${text.length} characters that are not JSON)`;
  }
}

/** An error quotes the value that it refuses. */
function maskParts(frame: unknown): unknown {
  if (!Array.isArray(frame)) return maskIn(frame);
  const [type] = frame;
  const isError = type === 4 || type === 5;
  return frame.map((part, n) => (isError && n === 3 && typeof part === 'string' ? part.replace(/"[^"]*"?/g, '"***"') : maskIn(part)));
}

function maskIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskIn);
  if (typeof value !== 'object' || value === null) return value;
  const isSecret = isSecretSetting(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, isSecret && /^(value|attributevalue)$/i.test(name) ? '***' : maskField(plain(name), inner)]),
  );
}

function maskField(name: string, value: unknown): unknown {
  if (CARDS.has(name) && typeof value === 'string') return maskUid(value);
  if (!HIDDEN.test(name)) return maskIn(value);
  return typeof value === 'string' && name === 'data' ? `*** (${value.length} characters)` : '***';
}

function isSecretSetting(value: object): boolean {
  const { key, variable }: { key?: unknown; variable?: unknown } = value;
  const { name }: { name?: unknown } = Object(variable);
  return [key, name].some((it) => typeof it === 'string' && SECRET_SETTING.test(it.toLowerCase()));
}
