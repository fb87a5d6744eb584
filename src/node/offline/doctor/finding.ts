/** The result of one check of `doctor`. When the check failed, or gives advice, `message` says what to do. */
export interface Finding {
  check: string;
  ok: boolean;
  message: string;
  /** The node runs with what was found, but a person should look at it. */
  advice?: true;
}

export const passed = (check: string, message: string): Finding => ({ check, ok: true, message });
export const advised = (check: string, message: string): Finding => ({ check, ok: true, message, advice: true });
export const failed = (check: string, message: string): Finding => ({ check, ok: false, message });

/** The code of a system error or of its cause, such as ENOENT, or else the message of the error. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return reasonOf(error.cause);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
