/** Saves a file on the user's machine; nothing is uploaded. */
export function saveFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** A file name of letters, digits and hyphens, with the time. */
export const fileName = (about: string, kind: string): string =>
  `evenkeel-${about
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .slice(0, 60)}-${new Date().toISOString().slice(0, 19).replace(/[:T]/g, '-')}.${kind}`;
