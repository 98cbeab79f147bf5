/** Longest line kept, in UTF-16 units; a ready line with many addresses stays below 8 Ki. */
const MAX_LINE_LENGTH = 64 * 1024;

/**
 * Cuts a stream of text chunks into lines. A line that never ends is cut at 64 Ki, so that a mad
 * child process cannot fill the memory.
 *
 * @returns the function to call with every chunk.
 */
export function createLineReader(onLine: (line: string) => void): (chunk: string) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE_LENGTH) {
      lines.push(rest);
      rest = '';
    }
    for (const line of lines) {
      const text = line.trimEnd();
      if (text !== '') onLine(text);
    }
  };
}
