import { type Frame, parseFrame } from '../../../ocpp/frame.ts';
import type { KeptFrame } from '../../core/station-messages.ts';

/** What a kept OCPP message says, as far as it can be read. */
export interface ReadFrame {
  type: Frame['type'] | 'unreadable';
  id: string | undefined;
  action: string | undefined;
  /** Of an answer: its `status`, or the code of an error. */
  status: string | undefined;
  /** The whole frame as JSON; the text when it cannot be read. */
  content: unknown;
}

/** Reads a kept OCPP message. Of a message that was cut only the head can be read. */
export function readFrame({ text }: Pick<KeptFrame, 'text'>): ReadFrame {
  const content = contentOf(text);
  const frame = parseFrame(text);
  if (!frame.ok) return { type: 'unreadable', id: undefined, action: undefined, status: undefined, content, ...headOf(text) };
  const { type, id } = frame.value;
  const action = 'action' in frame.value ? frame.value.action : undefined;
  return { type, id, action, status: statusOf(frame.value), content };
}

/** JSON as a value; any other text as it is. */
export function contentOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function statusOf(frame: Frame): string | undefined {
  if ('code' in frame) return frame.code;
  if (frame.type !== 'result') return undefined;
  const { status }: { status?: unknown } = Object(frame.payload);
  return typeof status === 'string' ? status : undefined;
}

const TYPES = { '2': 'call', '3': 'result', '4': 'error' } as const;
function headOf(text: string): Partial<ReadFrame> {
  const [, type, id, action] = /^\s*\[\s*([234])\s*,\s*"([^"\\]{1,64})"\s*(?:,\s*"([A-Za-z]{1,40})")?/.exec(text) ?? [];
  if (id === undefined || (type !== '2' && type !== '3' && type !== '4')) return {};
  return { type: TYPES[type], id, ...(type === '2' && { action }) };
}
