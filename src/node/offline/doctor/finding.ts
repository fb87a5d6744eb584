/** What one check of `doctor` found; when it is not ok, `says` ends with the mend. */
export interface Finding {
  check: string;
  ok: boolean;
  message: string;
}

export const passed = (check: string, says: string): Finding => ({ check, ok: true, message });
export const failed = (check: string, says: string): Finding => ({ check, ok: false, message });

/** The code of a system error such as ENOENT, else what the error says. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
