/**
 * The desktop's log: one line a fact on stderr, for whoever started it from a terminal or reads
 * the system's journal.
 */

/** From the most talkative to the most severe. */
const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

export type LogLevel = (typeof LEVELS)[number];

/** `info` once per change of state, `warn` for what was refused or repaired, `error` for losses. */
export type Log = Record<LogLevel, (message: string) => void>;

/** Reads a level as a person wrote it; anything unknown means `info`. */
export function logLevelOf(text: string | undefined): LogLevel {
  return LEVELS.find((level) => level === text?.toLowerCase()) ?? 'info';
}

/** Makes a log that drops everything below `lowest`. */
export function createLog(lowest: LogLevel, write: (line: string) => void): Log {
  const at =
    (level: LogLevel) =>
    (message: string): void => {
      if (LEVELS.indexOf(level) < LEVELS.indexOf(lowest)) return;
      write(`${new Date().toISOString()} ${level} ${withoutKeys(oneLine(message))}\n`);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** Text from outside (addresses, page titles) must not be able to forge a second line. */
function oneLine(message: string): string {
  return message.replace(/[\u0000-\u001f\u007f]+/gu, ' ');
}

/**
 * A text without the keys of links in it. Nothing here logs one on purpose; this is for addresses
 * and lines that come from elsewhere.
 */
export function withoutKeys(text: string): string {
  return text.replace(/\bkey(?:=|%3D)[\w-]+/giu, 'key=…');
}

/** What an unknown caught value says. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
