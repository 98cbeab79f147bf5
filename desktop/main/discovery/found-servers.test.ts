import { beforeEach, describe, expect, it } from 'vitest';
import { toTxt } from '../../../signal/server/discovery/announcement';
import { foundList } from './found-list';
import { FoundServers, type HeardService } from './found-servers';

const fingerprint = Array.from({ length: 32 }, () => 'C4').join(':');
const txt = toTxt({ name: 'Studio', isSecure: true, fingerprint, version: '0.1.0' });
const studio: HeardService = {
  fqdn: 'Studio 3fa2c1._sightline._tcp.local',
  port: 8443,
  txt,
  addresses: ['172.17.0.1', '192.168.1.20'],
  referer: { address: '192.168.1.20' },
};

let found: FoundServers;
beforeEach(() => {
  found = new FoundServers();
});

describe('FoundServers', () => {
  it('takes the address that reached us', () => {
    expect(found.hear(studio)).toBe(true);
    expect(found.list).toMatchObject([{ name: 'Studio', host: '192.168.1.20', port: 8443 }]);
  });

  it('says nothing when nothing is new, and keeps an address that is still named', () => {
    found.hear(studio);
    expect(found.hear(studio)).toBe(false);
    expect(found.hear({ ...studio, referer: { address: '172.17.0.1' } })).toBe(false);
    expect(
      found.hear({ ...studio, addresses: ['10.0.0.5'], referer: { address: '10.0.0.5' } }),
    ).toBe(true);
    expect(found.list[0]?.host).toBe('10.0.0.5');
  });

  it.each([
    { port: 0 },
    { port: 70_000 },
    { txt: {} },
    { txt: undefined },
    { addresses: [], referer: { address: 'fe80::1' } },
    { addresses: ['evil'], referer: { address: 'evil' } },
    { fqdn: 'x'.repeat(500) },
  ])('ignores what cannot be joined: %j', (change) => {
    expect(found.hear({ ...studio, ...change })).toBe(false);
    expect(found.list).toEqual([]);
  });

  it('forgets who says goodbye, and who is silent for more than three sweeps', () => {
    found.hear(studio);
    expect(found.forget({ fqdn: studio.fqdn.toUpperCase() })).toBe(true);
    expect(found.forget(studio)).toBe(false);
    found.hear(studio);
    for (let sweep = 1; sweep <= 3; sweep += 1) expect(found.beginSweep()).toBe(false);
    found.hear(studio);
    for (let sweep = 1; sweep <= 3; sweep += 1) expect(found.beginSweep()).toBe(false);
    expect(found.beginSweep()).toBe(true);
    expect(found.list).toEqual([]);
  });

  it('is not filled up by a flood', () => {
    for (let index = 0; index < 1_000; index += 1) found.hear({ ...studio, fqdn: `s${index}` });
    expect(found.list.length).toBeLessThanOrEqual(64);
  });
});

describe('foundList', () => {
  it('lists others, says which root is trusted, and leaves the console’s own server out', () => {
    found.hear(studio);
    found.hear({ ...studio, fqdn: 'own', addresses: ['192.168.1.9'] });
    found.hear({ ...studio, fqdn: 'neighbor', port: 9443, addresses: ['192.168.1.9'] });
    const facts = { servers: found.list, ownAddresses: ['192.168.1.9'], isTrusted: () => true };
    const ids = (ownPort: number | undefined): string[] =>
      foundList({ ...facts, ownPort }).servers.map(({ id }) => id);
    expect(ids(undefined)).toHaveLength(3);
    expect(ids(8443)).not.toContain('own');
    expect(ids(8443)).toHaveLength(2);
    expect(foundList({ ...facts, ownPort: 8443 }).servers[0]).toMatchObject({ isKnown: true });
  });

  it('calls no plain server known', () => {
    const plain = toTxt({ name: 'Plain', isSecure: false, fingerprint, version: '1' });
    found.hear({ ...studio, txt: plain });
    const facts = { servers: found.list, ownAddresses: [], ownPort: 1, isTrusted: () => true };
    expect(foundList(facts).servers).toMatchObject([{ isSecure: false, isKnown: false }]);
  });
});
