import { describe, expect, it } from 'vitest';
import { movingSample } from '../testing/fake-streams';
import { allFigures, figureAttributes, shortFigures } from './figures';

const full = movingSample({
  framesPerSecond: 29.97,
  width: 1280,
  height: 720,
  videoBitrateBps: 2_104_332.4,
  audioBitrateBps: 32_100,
  roundTripTimeMs: 3.4,
  jitterMs: 12.6,
  packetsLostRatio: 0.0123,
  videoCodec: 'VP8',
  framesDropped: 3,
  freezeCount: 0,
  localCandidateType: 'host',
  remoteCandidateType: 'prflx',
});

describe('figures', () => {
  it('writes the short line', () => {
    expect(shortFigures(full)).toEqual(['30 fps', '1280×720', '2.1 Mbit/s']);
  });

  it('leaves out what is unknown', () => {
    expect(shortFigures(undefined)).toEqual([]);
    expect(shortFigures(movingSample({ videoBitrateBps: 480_000 }))).toEqual(['480 kbit/s']);
    expect(allFigures(movingSample())).toEqual([]);
  });

  it('names every figure there is, zeros included', () => {
    const figures = new Map(allFigures(full).map(({ name, value }) => [name, value]));
    expect(figures.get('Round trip')).toBe('3.4 ms');
    expect(figures.get('Jitter')).toBe('13 ms');
    expect(figures.get('Loss')).toBe('1.2 %');
    expect(figures.get('Freezes')).toBe('0');
    expect(figures.get('Path')).toBe('host – prflx');
  });

  it('writes the path with its protocols, as far as they are known', () => {
    const pathOf = (change: Parameters<typeof movingSample>[0]) =>
      allFigures(movingSample(change)).find(({ name }) => name === 'Path')?.value;
    const ends = { localCandidateType: 'relay', remoteCandidateType: 'host' };
    expect(pathOf({ ...ends, transportProtocol: 'udp', relayProtocol: 'udp' })).toBe(
      'relay – host, UDP',
    );
    expect(pathOf({ ...ends, transportProtocol: 'udp', relayProtocol: 'tls' })).toBe(
      'relay – host, UDP, relay by TLS',
    );
    expect(pathOf({ localCandidateType: 'relay' })).toBeUndefined();
  });

  it('marks a relayed stream for programs, and no other', () => {
    expect(figureAttributes(movingSample({ isRelayed: true }))).toEqual({ 'data-relayed': 'true' });
    expect(figureAttributes(movingSample({ isRelayed: false }))).toEqual({});
  });

  it('gives programs numbers without units', () => {
    expect(figureAttributes(full)).toEqual({
      'data-fps': '30',
      'data-width': '1280',
      'data-height': '720',
      'data-bitrate-bps': '2104332',
      'data-rtt-ms': '3.4',
      'data-loss': '0.0123',
      'data-codec': 'VP8',
    });
  });

  it('gives no attribute for an unknown figure, but one for a zero', () => {
    expect(figureAttributes(undefined)).toEqual({});
    expect(figureAttributes(movingSample({ framesPerSecond: 0, packetsLostRatio: 0 }))).toEqual({
      'data-fps': '0',
      'data-loss': '0',
    });
  });
});
