import type { networkInterfaces } from 'node:os';
import { describe, expect, it, vi } from 'vitest';
import { announcedAddresses, announceServer } from './announce-server';

const at = (address: string, internal = false, family: 'IPv4' | 'IPv6' = 'IPv4') => ({
  ...{ address, internal, family, netmask: '', mac: '', cidr: null },
});
const interfaces = {
  lo: [at('127.0.0.1', true)],
  wifi: [at('fe80::1', false, 'IPv6'), at('192.168.1.20'), at('192.168.1.21')],
  cable: [at('10.0.0.7')],
  down: undefined,
} as ReturnType<typeof networkInterfaces>;

describe('announcedAddresses', () => {
  it.each(['0.0.0.0', '::'])('takes one address of each network for %s', (host) => {
    expect(announcedAddresses(host, interfaces)).toEqual(['192.168.1.20', '10.0.0.7']);
  });

  it('takes the one address the server listens on', () => {
    expect(announcedAddresses('10.0.0.7', interfaces)).toEqual(['10.0.0.7']);
  });

  it.each(['127.0.0.1', '127.0.0.2', 'localhost', '::1', 'studio'])('takes none for %s', (host) => {
    expect(announcedAddresses(host, interfaces)).toEqual([]);
  });
});

describe('announceServer', () => {
  it.each([
    { host: '127.0.0.1', discovery: true },
    { host: '0.0.0.0', discovery: false },
  ])('opens nothing for %j', async (settings) => {
    const logger = { info: vi.fn(), warn: vi.fn() };
    const config = { name: 'Test', tls: { mode: 'off' as const }, ...settings };
    const server = { port: 8443, rootFingerprint: undefined };
    await announceServer({ config, server, logger })();
    expect(logger.info).not.toHaveBeenCalled();
    expect(process.getActiveResourcesInfo()).not.toContain('UDPWRAP');
  });
});
