import { describe, expect, it } from 'vitest';
import { DEFAULT_PORT, disabledFeatures, readListenOptions } from './command-line';

function switches(given: Record<string, string>) {
  return {
    hasSwitch: (name: string) => name in given,
    getSwitchValue: (name: string) => given[name] ?? '',
  };
}

describe('readListenOptions', () => {
  it('takes the usual port and lets the server choose the interface', () => {
    expect(readListenOptions(switches({}), {})).toEqual({ port: DEFAULT_PORT, host: undefined });
  });

  it('reads the environment', () => {
    const env = { SIGHTLINE_PORT: '9000', SIGHTLINE_HOST: '127.0.0.1' };
    expect(readListenOptions(switches({}), env)).toEqual({ port: 9000, host: '127.0.0.1' });
  });

  it('puts switches before the environment', () => {
    const env = { SIGHTLINE_PORT: '9000' };
    expect(readListenOptions(switches({ port: '0', host: '::1' }), env)).toEqual({
      port: 0,
      host: '::1',
    });
  });

  it('reads whether servers show themselves to each other', () => {
    const env = { SIGHTLINE_DISCOVERY: 'off' };
    expect(readListenOptions(switches({}), env).discovery).toBe('off');
    expect(readListenOptions(switches({ discovery: 'on' }), env).discovery).toBe('on');
    expect(() => readListenOptions(switches({ discovery: 'yes' }), {})).toThrow('--discovery');
  });

  it('reads whom the server lets in', () => {
    expect(readListenOptions(switches({}), {}).access).toBeUndefined();
    expect(readListenOptions(switches({}), { SIGHTLINE_ACCESS: 'open' }).access).toBe('open');
    expect(readListenOptions(switches({ access: 'keys' }), {}).access).toBe('keys');
    expect(() => readListenOptions(switches({ access: 'none' }), {})).toThrow('--access');
  });

  it.each(['70000', '-1', 'abc', '80.5', '1e3', ' '])('refuses %j and names the option', (port) => {
    expect(() => readListenOptions(switches({ port }), {})).toThrow('--port');
  });
});

describe('a switch without its value', () => {
  it('is refused, because Chromium takes none after a space', () => {
    expect(() => readListenOptions(switches({ host: '' }), {})).toThrow('--host=VALUE');
  });
});

describe('disabledFeatures', () => {
  it('shows the real addresses of this machine', () => {
    expect(disabledFeatures('')).toBe('WebRtcHideLocalIpsWithMdns');
  });

  it('keeps what others have disabled, each once', () => {
    expect(disabledFeatures('A,B,WebRtcHideLocalIpsWithMdns')).toBe(
      'A,B,WebRtcHideLocalIpsWithMdns',
    );
  });
});
