/** Entry of the server: the same file headless and as Electron's utility process. */
import './tracing-channel';
import path from 'node:path';
import type { Logger } from 'pino';
import { parseConfig, type Config } from './config';
import { createServer } from './create-server';
import { announceServer } from './discovery/announce-server';
import { ListenError } from './listen-error';
import { createLogger } from './logger';
import { helpText } from './options';
import { movedText, noticeOf, readyLine, readyText } from './ready-message';
import { onShutdownRequest } from './shutdown';
import { TlsError } from './tls/tls-error';
import { VERSION } from './version';

/** The pages lie beside the bundle's folder, in a checkout as in the packaged application. */
const PAGES_DIR = path.join(import.meta.dirname, '..', 'web');

/** Exit codes: all went well, the server failed, the command line is wrong. */
const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** An orderly end takes up to two seconds; whatever hangs longer than this is cut off. */
const SHUTDOWN_DEADLINE_MS = 4_000;

function main(): void {
  const command = parseConfig(process.argv.slice(2), process.env);
  if (!command.ok) {
    exitAfter(process.stderr, `sightline: ${command.error}\n`, EXIT.usage);
    return;
  }
  switch (command.value.kind) {
    case 'help':
      exitAfter(process.stdout, helpText(), EXIT.ok);
      break;
    case 'version':
      exitAfter(process.stdout, `sightline ${VERSION}\n`, EXIT.ok);
      break;
    case 'run':
      void run(command.value.config);
      break;
  }
}

async function run(config: Config): Promise<void> {
  const logger = createLogger(config);
  dieLoudly(logger);
  try {
    const server = await createServer({
      config,
      logger,
      pagesDir: PAGES_DIR,
      onAddressesChanged: (urls) => {
        if (!config.json) process.stdout.write(movedText(urls));
      },
    });
    logger.info({ host: config.host, port: server.port, version: VERSION }, 'listening');
    const stopAnnouncing = announceServer({ config, server, logger });
    onShutdownRequest((source) => {
      logger.info({ source }, 'shutting down');
      setTimeout(() => process.exit(EXIT.ok), SHUTDOWN_DEADLINE_MS);
      void Promise.all([server.close(), stopAnnouncing()]).then(() => {
        logger.info('stopped');
        process.exit(EXIT.ok);
      });
    });
    const notice = noticeOf(server.urls, config.trustedProxies.length > 0);
    if (config.json && notice !== undefined) logger.warn(notice);
    process.stdout.write(
      config.json ? readyLine(server, process.pid) : readyText(config.name, server, notice),
    );
  } catch (error) {
    // Of a certificate that cannot be had the options are the cause: a restart changes nothing.
    if (!(error instanceof ListenError) && !(error instanceof TlsError)) throw error;
    const code = error instanceof TlsError ? EXIT.usage : EXIT.failed;
    exitAfter(process.stderr, `sightline: ${error.message}\n`, code);
  }
}

/**
 * Bugs end the process: its state cannot be trusted, and clients come back by themselves. Only what
 * a client's message leads to ends with its socket (`ClientSocket`): anybody could repeat that.
 */
function dieLoudly(logger: Logger): void {
  const die = (error: unknown): void => {
    logger.fatal({ err: error }, 'unexpected error; the server stops');
    process.exit(EXIT.failed);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
  // Whoever read our ready line may be gone; that is no reason to stop serving.
  process.stdout.on('error', (error: Error) => {
    logger.debug({ reason: error.message }, 'stdout is closed');
  });
}

function exitAfter(stream: NodeJS.WriteStream, text: string, code: number): void {
  stream.write(text, () => process.exit(code));
}

main();
