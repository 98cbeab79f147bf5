import { expect, test } from 'vitest';
import { createLogger, sweep } from './logger';

const SDP = 'v=0\r\na=ice-ufrag:abcd\r\na=ice-pwd:SecretIcePassword0123456\r\n';

test('known fields and whole frames lose their secrets', () => {
  const lines: string[] = [];
  const logger = createLogger(
    { logLevel: 'trace', json: true },
    { write: (line) => lines.push(line) },
  );
  const frame = JSON.stringify({
    type: 'signal',
    payload: { kind: 'description', description: { type: 'offer', sdp: SDP } },
  });
  logger.info({ resumeToken: 'SecretToken', hello: { resumeToken: 'SecretToken' } }, 'hello');
  logger.info({ iceServers: [{ urls: ['turn:x'], credential: 'SecretCredential' }] }, 'servers');
  logger.info({ config: { turnRest: { urls: ['turn:x'], secret: 'SecretShared' } } }, 'config');
  logger.info({ description: { sdp: SDP } }, 'offer');
  logger.info({ frame }, `frame ${frame}`);
  logger.error({ err: new Error(`cannot use turn:user:SecretTurn@host in ${SDP}`) }, 'oops');
  logger.info(JSON.stringify({ type: 'hello', resumeToken: 'SecretToken', key: 'SecretKey' }));
  logger.info({ hello: { deviceKey: 'SecretDevice' } }, 'at https://host/stream#key=SecretLink');
  expect(lines).toHaveLength(8);
  expect(lines.join('')).not.toContain('Secret');
  expect(lines.join('')).toContain('turn:user:[hidden]@host');
  // Still JSON lines, with all that is no secret.
  for (const line of lines) expect(JSON.parse(line)).toHaveProperty('level');
});

test('an ordinary line stays as it is', () => {
  const line = '{"level":"info","clientId":"a","msg":"client connected"}\n';
  expect(sweep(line)).toBe(line);
});

test('says nothing below its level', () => {
  const lines: string[] = [];
  const logger = createLogger(
    { logLevel: 'warn', json: true },
    { write: (line) => lines.push(line) },
  );
  logger.info('hush');
  logger.warn('hear');
  expect(lines).toHaveLength(1);
});
