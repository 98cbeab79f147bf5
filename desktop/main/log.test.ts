import { describe, expect, it } from 'vitest';
import { createLog, logLevelOf, reasonOf } from './log';

describe('createLog', () => {
  it('drops what lies below its level', () => {
    const lines: string[] = [];
    const log = createLog('warn', (line) => lines.push(line));
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');
    expect(lines.map((line) => line.slice(25))).toEqual(['warn c\n', 'error d\n']);
  });

  it('makes one line of what an address or a title holds', () => {
    const lines: string[] = [];
    createLog('info', (line) => lines.push(line)).warn('refused x\n2026 error forged\u001b[2J');
    expect(lines.join('').match(/\n/gu)).toHaveLength(1);
    expect(lines[0]).not.toContain('\u001b');
  });

  it('writes no key of a link', () => {
    const lines: string[] = [];
    const log = createLog('info', (line) => lines.push(line));
    log.warn('refused https://desk:8443/stream#key=AbCdEfGhIjKlMnOpQrSt-_');
    log.warn('server: {"urls":["https://desk/#a=1&KEY%3DAbCdEfGhIjKlMnOpQrSt-_"]}');
    expect(lines.join('')).not.toContain('AbCdEf');
    expect(lines[0]).toContain('refused https://desk:8443/stream#key=…');
  });
});

describe('logLevelOf', () => {
  it.each([
    ['debug', 'debug'],
    ['WARN', 'warn'],
    ['loud', 'info'],
    [undefined, 'info'],
  ])('reads %j as %s', (text, level) => {
    expect(logLevelOf(text)).toBe(level);
  });
});

describe('reasonOf', () => {
  it('reads errors and whatever else was thrown', () => {
    expect(reasonOf(new Error('why'))).toBe('why');
    expect(reasonOf('a word')).toBe('a word');
  });
});
