import { describe, expect, it } from 'vitest';
import chromiumDirect from '../fixtures/chromium-viewer.json';
import firefoxDirect from '../fixtures/firefox-viewer.json';
import recorded from '../fixtures/relayed-viewers.json';
import { mediaPath, type MediaPath } from './media-path';
import type { StatsEntry } from './stats-entry';

function pathOf(entries: readonly StatsEntry[]): MediaPath {
  return mediaPath(new Map(entries.map((entry) => [String(entry['id']), entry])));
}

/** The same report with other facts in all entries of a type. */
function withFacts(entries: readonly StatsEntry[], type: string, facts: StatsEntry): StatsEntry[] {
  return entries.map((entry) => (entry['type'] === type ? { ...entry, ...facts } : entry));
}

const { chromium, firefox } = recorded;

describe('a relayed path', () => {
  it.each([
    ['Chromium', chromium.bothForced],
    ['Firefox', firefox.bothForced],
  ])('is known where both ends use a relay: %s', (_browser, entries) => {
    expect(pathOf(entries)).toEqual({
      localCandidateType: 'relay',
      remoteCandidateType: 'relay',
      transportProtocol: 'udp',
      relayProtocol: 'udp',
      isRelayed: true,
    });
  });

  it('is known by the remote candidate alone', () => {
    expect(pathOf(chromium.phoneForced)).toEqual({
      localCandidateType: 'srflx',
      remoteCandidateType: 'relay',
      transportProtocol: 'udp',
      isRelayed: true,
    });
  });

  it('is known where the remote relay hides behind a peer-reflexive candidate', () => {
    expect(pathOf(firefox.phoneForced)).toEqual({
      localCandidateType: 'host',
      remoteCandidateType: 'prflx',
      transportProtocol: 'udp',
      isRelayed: true,
    });
  });

  it.each([
    ['Chromium', chromium.deskForcedByTcp, 'host'],
    ['Firefox', firefox.deskForcedByTcp, 'relay'],
  ])('tells how this end reaches its relay: %s', (_browser, entries, remoteCandidateType) => {
    expect(pathOf(entries)).toEqual({
      localCandidateType: 'relay',
      remoteCandidateType,
      transportProtocol: 'udp',
      relayProtocol: 'tcp',
      isRelayed: true,
    });
  });

  it('is known where the own relay hides behind a peer-reflexive candidate', () => {
    const entries = withFacts(chromium.deskForcedByTcp, 'local-candidate', {
      candidateType: 'prflx',
    });
    expect(pathOf(entries)).toMatchObject({ localCandidateType: 'prflx', isRelayed: true });
  });
});

describe('a direct path', () => {
  it.each([
    ['Chromium', chromiumDirect],
    ['Firefox', firefoxDirect],
  ])('is one between hosts: %s', (_browser, { moving }) => {
    const [report] = moving as unknown as [{ entries: StatsEntry[] }];
    expect(pathOf(report.entries)).toEqual({
      localCandidateType: 'host',
      remoteCandidateType: 'host',
      transportProtocol: 'udp',
      isRelayed: false,
    });
  });

  it('is one through a NAT whose address was signaled', () => {
    const entries = firefox.phoneForced.map((entry) =>
      entry.type === 'remote-candidate' && entry.candidateType === 'relay'
        ? { ...entry, candidateType: 'srflx' }
        : entry,
    );
    expect(pathOf(entries)).toMatchObject({ remoteCandidateType: 'prflx', isRelayed: false });
  });
});

describe('it cannot be told whether a path is relayed', () => {
  it.each([
    ['Chromium', chromium.phoneUnsignaled],
    ['Firefox', firefox.phoneUnsignaled],
  ])('of a remote address that nobody signaled: %s', (_browser, entries) => {
    const path = pathOf(entries);
    expect(path.remoteCandidateType).toBe('prflx');
    expect(path).not.toHaveProperty('isRelayed');
  });

  it('before there is a path', () => {
    expect(pathOf([])).toEqual({});
    expect(pathOf(chromium.bothForced.filter(({ type }) => type !== 'transport'))).toEqual({});
  });

  it('of another port of a relay’s address', () => {
    const entries = firefox.phoneForced.map((entry) =>
      entry.type === 'remote-candidate' && entry.candidateType === 'relay'
        ? { ...entry, port: 1 }
        : entry,
    );
    expect(pathOf(entries)).not.toHaveProperty('isRelayed');
  });
});
