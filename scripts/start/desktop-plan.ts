/** What `npm start` can do on this machine, and which of its arguments are whose. Plain decisions. */
import { OPTIONS, variableOf, type OptionSpec } from '../../signal/server/options';

/** What is known of the machine before anything is started. */
export interface Machine {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  /** POSIX user id; undefined on Windows. */
  userId: number | undefined;
  args: string[];
}

/**
 * Why the desktop's window cannot open here, as one plain sentence.
 *
 * @returns undefined when nothing speaks against it.
 */
export function obstacleTo({ platform, env, userId, args }: Machine): string | undefined {
  if (platform !== 'linux') return undefined;
  if (!isSet(env['DISPLAY']) && !isSet(env['WAYLAND_DISPLAY'])) {
    return 'There is no display here, so the console is served to your browser instead.';
  }
  if (userId === 0 && !args.includes('--no-sandbox')) {
    return (
      'Electron does not run as root, because its sandbox cannot, so the console is served to ' +
      'your browser instead.'
    );
  }
  return undefined;
}

/** Arguments of `npm start`, told apart. */
export interface StartArguments {
  /** Options of the embedded server, as its environment variables. */
  serverEnv: Record<string, string>;
  /** Everything else: switches of Electron. */
  electronArgs: string[];
}

/** Sorts arguments: `--port 9000` and `--port=9000` alike are the server's. */
export function splitArguments(args: string[]): StartArguments {
  const serverEnv: Record<string, string> = {};
  const electronArgs: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index] ?? '';
    const [, name, written] = /^--([a-z-]+)(?:=(.*))?$/u.exec(argument) ?? [];
    const option = serverOption(name);
    if (name === undefined || option === undefined) {
      electronArgs.push(argument);
      continue;
    }
    const value = option.kind === 'flag' ? (written ?? 'true') : (written ?? args[(index += 1)]);
    if (value === undefined) continue;
    const variable = variableOf(name);
    const before = option.kind === 'list' ? serverEnv[variable] : undefined;
    serverEnv[variable] = before === undefined ? value : `${before},${value}`;
  }
  return { serverEnv, electronArgs };
}

function serverOption(name: string | undefined): OptionSpec | undefined {
  return Object.entries<OptionSpec>(OPTIONS).find(([known]) => known === name)?.[1];
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
