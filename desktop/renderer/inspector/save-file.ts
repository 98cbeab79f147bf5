/** How long a browser may take to begin a download, in milliseconds. */
const START_MS = 30_000;

/** Lets the browser save a text as a file; Electron asks where to. */
export function saveFile(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Revoked at once, some browsers save nothing.
  setTimeout(() => URL.revokeObjectURL(url), START_MS);
}
