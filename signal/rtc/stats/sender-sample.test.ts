import { describe, expect, it } from 'vitest';
import chromium from '../fixtures/chromium-phone.json';
import electron from '../fixtures/electron-phone.json';
import firefox from '../fixtures/firefox-phone.json';
import { sampleSender, type SenderMemory } from './sender-sample';
import type { StatsEntry, StatsReport } from './stats-entry';

interface Recorded {
  readonly entries: readonly object[];
}

function reportOf(entries: readonly object[]): StatsReport {
  return new Map(entries.map((entry, index) => [index, entry as StatsEntry]));
}

function sampleAll(reports: readonly Recorded[]): SenderMemory {
  let memory: SenderMemory | undefined;
  for (const { entries } of reports) memory = sampleSender(reportOf(entries), memory);
  return memory!;
}

/** The same report with other facts in its outbound video. */
function withVideo(report: Recorded, facts: object): Recorded {
  return {
    entries: report.entries.map((entry) => {
      const { type, kind } = entry as StatsEntry;
      return type === 'outbound-rtp' && kind === 'video' ? { ...entry, ...facts } : entry;
    }),
  };
}

const [first, second] = chromium.moving as unknown as [Recorded, Recorded];

describe('what a viewer is sent', () => {
  it('is told by Chromium', () => {
    const { sample } = sampleAll([first, second]);
    expect(sample).toMatchObject({
      videoCodec: 'VP8',
      encoderImplementation: 'libvpx',
      isEncoderPowerEfficient: false,
      width: 640,
      height: 360,
      targetBitrateBps: 1_700_000,
      availableOutgoingBitrateBps: 4_088_571,
      qualityLimitationReason: 'none',
      cpuLimitedMs: 0,
      bandwidthLimitedMs: 0,
      otherLimitedMs: 0,
      roundTripTimeMs: 1,
      packetsLostRatio: 0,
      captureWidth: 640,
      captureHeight: 360,
      captureFramesPerSecond: 29,
    });
    // By hand from the fixture: 30 frames, 33,449 and 3,133 bytes in 1.00165 s, 36 ms to encode.
    expect(sample.framesPerSecond).toBeCloseTo(29.95, 2);
    expect(sample.videoBitrateBps).toBeCloseTo(267_151, 0);
    expect(sample.audioBitrateBps).toBeCloseTo(25_023, 0);
    expect(sample.encodeMs).toBeCloseTo(1.2, 3);
    expect(sample.sendDelayMs).toBeCloseTo(0.00098, 5);
  });

  it('is told by Electron 25, with what limits it and for how long', () => {
    const { sample } = sampleAll((electron.moving as unknown as Recorded[]).slice(0, 2));
    expect(sample).toMatchObject({
      width: 320,
      height: 180,
      captureWidth: 640,
      captureHeight: 360,
      qualityLimitationReason: 'bandwidth',
      bandwidthLimitedMs: 4148,
      cpuLimitedMs: 0,
      availableOutgoingBitrateBps: 1_299_764,
    });
  });

  it('is told by Firefox as far as it goes', () => {
    const { sample } = sampleAll((firefox.moving as unknown as Recorded[]).slice(0, 2));
    expect(sample).toMatchObject({ videoCodec: 'VP8', width: 640, height: 360, captureWidth: 640 });
    expect(sample.framesPerSecond).toBeCloseTo(29.85, 2);
    expect(sample.encodeMs).toBeCloseTo(1.933, 3);
    for (const unknown of ['encoderImplementation', 'qualityLimitationReason', 'cpuLimitedMs']) {
      expect(sample).not.toHaveProperty(unknown);
    }
  });

  it('is no frame while no picture is sent', () => {
    const { sample } = sampleAll(chromium.stopped);
    expect(sample.framesPerSecond).toBe(0);
    expect(sample.videoBitrateBps).toBe(0);
    expect(sample).not.toHaveProperty('encodeMs');
    expect(sample).not.toHaveProperty('captureWidth');
  });
});

describe('figures that cannot be told are absent', () => {
  it('without a connection', () => {
    expect(sampleSender(undefined, sampleAll([first, second])).sample).toEqual({});
  });

  it('of the first report, as far as they take two', () => {
    const { sample } = sampleAll([withVideo(first, { framesPerSecond: undefined })]);
    expect(sample).not.toHaveProperty('framesPerSecond');
    expect(sample).not.toHaveProperty('videoBitrateBps');
    expect(sample.width).toBe(640);
  });

  it('where counters went back, or belong to other media', () => {
    for (const facts of [{ framesEncoded: 1, bytesSent: 1 }, { ssrc: 4_711 }]) {
      const restarted = withVideo(second, { ...facts, framesPerSecond: undefined });
      const { sample } = sampleAll([first, restarted]);
      expect(sample).not.toHaveProperty('framesPerSecond');
      expect(sample).not.toHaveProperty('videoBitrateBps');
      expect(sample).not.toHaveProperty('encodeMs');
    }
  });

  it('where whole sections are missing, or make no sense', () => {
    const entries = [{ type: 'outbound-rtp', kind: 'video', qualityLimitationDurations: 'long' }];
    expect(sampleAll([{ entries }, { entries }]).sample).toEqual({});
  });

  it('where the browser gives a rate that cannot be (Firefox says -1)', () => {
    const { sample } = sampleAll([withVideo(first, { framesPerSecond: -1 })]);
    expect(sample).not.toHaveProperty('framesPerSecond');
  });
});
