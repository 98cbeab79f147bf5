import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import chromium from '../fixtures/chromium-viewer.json';
import electron from '../fixtures/electron-viewer.json';
import firefox from '../fixtures/firefox-viewer.json';
import type { StatsReport } from './stats-entry';
import { sampleStream, type SampleMemory } from './stream-sample';

type Entry = Readonly<Record<string, unknown>>;

interface Recorded {
  readonly takenAt: number;
  readonly entries: readonly Entry[];
}

function reportOf(entries: readonly Entry[]): StatsReport {
  return new Map(entries.map((entry, index) => [index, entry]));
}

/** Samples one report after the other, as the poller does. */
function sampleAll(reports: readonly Recorded[], first?: SampleMemory): SampleMemory {
  let memory = first;
  for (const { entries, takenAt } of reports) {
    memory = sampleStream(reportOf(entries), memory, takenAt);
  }
  if (memory === undefined) throw new Error('No report was given');
  return memory;
}

/** The same report with other facts in its video entry. */
function withVideo(report: Recorded, facts: Entry): Recorded {
  return {
    ...report,
    entries: report.entries.map((entry) =>
      entry['type'] === 'inbound-rtp' && entry['kind'] === 'video' ? { ...entry, ...facts } : entry,
    ),
  };
}

function videoOf(report: Recorded): Entry {
  const found = report.entries.find((e) => e['type'] === 'inbound-rtp' && e['kind'] === 'video');
  if (found === undefined) throw new Error('The report has no video');
  return found;
}

const [first, second, third] = chromium.moving as unknown as [Recorded, Recorded, Recorded];

describe('a recorded call', () => {
  it('gives the figures of Chromium', () => {
    const { sample } = sampleAll([first, second]);
    expect(sample).toMatchObject({
      width: 640,
      height: 360,
      videoCodec: 'VP8',
      audioCodec: 'opus',
      decoderImplementation: 'libvpx',
      isDecoderPowerEfficient: false,
      roundTripTimeMs: 1,
      jitterMs: 0,
      packetsLost: 0,
      packetsLostRatio: 0,
      audioPacketsLostRatio: 0,
      audioConcealedRatio: 0,
      framesDropped: 0,
      freezeCount: 0,
      freezesMs: 0,
      nackCount: 0,
      pliCount: 0,
      keyFramesDecoded: 1,
      audioLevel: 0,
      audioEnergy: 0,
      audioPacketsArrive: true,
      receivedBytes: 33_449 + 3_133,
      localCandidateType: 'host',
      remoteCandidateType: 'host',
      transportProtocol: 'udp',
      isPictureMoving: true,
      packetsArrive: true,
      pictureStoppedForMs: 0,
    });
    // By hand from the fixture: 30 frames, 33,449 and 3,133 bytes in 1.002134 s.
    expect(sample.framesPerSecond).toBeCloseTo(29.936, 3);
    expect(sample.videoBitrateBps).toBeCloseTo(267_022, 0);
    expect(sample.audioBitrateBps).toBeCloseTo(25_011, 0);
    // And 0.217191, 0.017009 and 0.236332 s for them all; 1430.4 s for 48,000 samples of sound.
    expect(sample.jitterBufferMs).toBeCloseTo(7.2397, 3);
    expect(sample.decodeMs).toBeCloseTo(0.567, 3);
    expect(sample.processingMs).toBeCloseTo(7.8777, 3);
    expect(sample.audioJitterBufferMs).toBeCloseTo(29.8, 3);
  });

  it('gives the figures of Electron 25', () => {
    const { sample } = sampleAll((electron.moving as unknown as Recorded[]).slice(0, 2));
    expect(sample).toMatchObject({
      width: 320,
      height: 180,
      videoCodec: 'VP8',
      decoderImplementation: 'libvpx',
      isDecoderPowerEfficient: false,
      nackCount: 0,
      pliCount: 0,
      freezeCount: 0,
      packetsLostRatio: 0,
      localCandidateType: 'host',
      isPictureMoving: true,
      audioPacketsArrive: true,
    });
    expect(sample.framesPerSecond).toBeCloseTo(29.9, 1);
    expect(sample.videoBitrateBps).toBeCloseTo(132_382, 0);
    expect(sample.jitterBufferMs).toBeCloseTo(21, 3);
    expect(sample.decodeMs).toBeCloseTo(0.1967, 3);
  });

  it('gives the figures of Firefox, and no decoder', () => {
    const { sample } = sampleAll((firefox.moving as unknown as Recorded[]).slice(0, 2));
    expect(sample).toMatchObject({
      width: 640,
      height: 360,
      videoCodec: 'VP8',
      packetsLostRatio: 0,
      freezeCount: 0,
      nackCount: 0,
      localCandidateType: 'host',
      remoteCandidateType: 'host',
      isPictureMoving: true,
      packetsArrive: true,
    });
    expect(sample).not.toHaveProperty('decoderImplementation');
    expect(sample).not.toHaveProperty('isDecoderPowerEfficient');
    expect(sample.framesPerSecond).toBeCloseTo(29.88, 2);
    expect(sample.jitterMs).toBeCloseTo(0.922, 3);
    expect(sample.videoBitrateBps).toBeCloseTo(212_191, 0);
    expect(sample.audioBitrateBps).toBeCloseTo(64_143, 0);
    expect(sample.jitterBufferMs).toBeCloseTo(12.161, 3);
    expect(sample.decodeMs).toBeCloseTo(0.8, 3);
    expect(sample.audioLevel).toBeCloseTo(0.101, 3);
    expect(sample.audioEnergy).toBeCloseTo(0.010296, 5);
  });

  it('counts how long a picture has stopped', () => {
    const { sample } = sampleAll([...chromium.moving, ...chromium.stopped]);
    expect(sample.isPictureMoving).toBe(false);
    expect(sample.packetsArrive).toBe(false);
    expect(sample.pictureStoppedForMs).toBeGreaterThan(1_900);
    expect(sample.pictureStoppedForMs).toBeLessThan(2_100);
    expect(sample.framesPerSecond).toBe(0);
  });

  it('knows a frozen picture: packets arrive and no frame comes of them', () => {
    const frozen = [second, third].map((report) =>
      withVideo(report, { framesDecoded: videoOf(first)['framesDecoded'] }),
    );
    const { sample } = sampleAll([first, ...frozen]);
    expect(sample.isPictureMoving).toBe(false);
    expect(sample.packetsArrive).toBe(true);
    expect(sample.pictureStoppedForMs).toBeCloseTo(third.takenAt - first.takenAt);
    const thawed = sampleAll(
      [withVideo(third, { framesDecoded: 10_000 })],
      sampleAll([first, ...frozen]),
    );
    expect(thawed.sample.pictureStoppedForMs).toBe(0);
  });

  it('takes the pair that is marked, where no transport names one', () => {
    const [report] = firefox.moving as unknown as [Recorded];
    const entries = report.entries.filter((entry) => entry['type'] !== 'transport');
    expect(sampleAll([{ ...report, entries }]).sample.localCandidateType).toBe('host');
  });
});

describe('figures', () => {
  it('are absent where the browser does not give them', () => {
    const bare = { type: 'inbound-rtp', kind: 'video', id: 'V', timestamp: 1_000 };
    const { sample } = sampleAll([{ takenAt: 1_000, entries: [bare] }]);
    expect(sample).toEqual({
      takenAt: 1_000,
      isPictureMoving: false,
      packetsArrive: false,
      pictureStoppedForMs: 0,
    });
  });

  it('are absent without a connection, while the picture stays stopped', () => {
    const lost = sampleStream(undefined, sampleAll([first, second]), second.takenAt + 1_000);
    expect(lost.sample).toEqual({
      takenAt: second.takenAt + 1_000,
      isPictureMoving: false,
      packetsArrive: false,
      pictureStoppedForMs: 1_000,
    });
  });

  it('has no size before there is a picture', () => {
    const { sample } = sampleAll([withVideo(first, { frameWidth: 0, frameHeight: 0 })]);
    expect(sample).not.toHaveProperty('width');
    expect(sample).not.toHaveProperty('height');
  });

  it('measures loss over the interval alone', () => {
    const lossy = withVideo(second, { packetsLost: 10, packetsReceived: 90 });
    const before = withVideo(first, { packetsLost: 0, packetsReceived: 60 });
    expect(sampleAll([before, lossy]).sample.packetsLostRatio).toBeCloseTo(0.25);
  });

  it('has no loss where late packets made up for lost ones', () => {
    const before = withVideo(first, { packetsLost: 5 });
    const { sample } = sampleAll([before, withVideo(second, { packetsLost: 3 })]);
    expect(sample).not.toHaveProperty('packetsLostRatio');
  });

  it('has no rates where counters went back', () => {
    const restarted = withVideo(second, {
      framesDecoded: 3,
      packetsReceived: 3,
      bytesReceived: 3_000,
      framesPerSecond: undefined,
    });
    const { sample } = sampleAll([first, restarted]);
    expect(sample).not.toHaveProperty('framesPerSecond');
    expect(sample).not.toHaveProperty('videoBitrateBps');
    expect(sample).not.toHaveProperty('packetsLostRatio');
    expect(sample.isPictureMoving).toBe(true);
    expect(sample.packetsArrive).toBe(true);
  });

  it('compares nothing with the media that another connection brought', () => {
    const rebuilt = withVideo(second, { ssrc: 4_711, framesPerSecond: undefined });
    const { sample } = sampleAll([
      withVideo(first, { framesDecoded: 1, bytesReceived: 1 }),
      rebuilt,
    ]);
    expect(sample).not.toHaveProperty('framesPerSecond');
    expect(sample).not.toHaveProperty('videoBitrateBps');
    expect(sample.isPictureMoving).toBe(true);
  });
});

const counter = fc.option(fc.nat({ max: 1_000_000 }), { nil: undefined });
const anyVideo = fc.record(
  {
    type: fc.constant('inbound-rtp'),
    kind: fc.constantFrom('video', 'audio'),
    id: fc.constantFrom('A', 'B'),
    ssrc: fc.constantFrom(1, 2),
    timestamp: fc.nat({ max: 100_000 }),
    framesDecoded: counter,
    framesDropped: counter,
    packetsReceived: counter,
    // RFC 3550 lets it be negative: duplicates count as received.
    packetsLost: fc.integer({ min: -1_000, max: 1_000 }),
    bytesReceived: counter,
    jitter: fc.oneof(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.constant('0.1')),
    frameWidth: counter,
    framesPerSecond: fc.double({ min: 0, max: 1e6, noNaN: true }),
  },
  { requiredKeys: ['type', 'kind', 'id'] },
);

it('never gives a figure that is negative or not a number', () => {
  fc.assert(
    fc.property(fc.array(fc.array(anyVideo, { maxLength: 3 }), { maxLength: 6 }), (reports) => {
      let memory: SampleMemory | undefined;
      reports.forEach((entries, index) => {
        memory = sampleStream(reportOf(entries), memory, index * 1_000);
        for (const [name, value] of Object.entries(memory.sample)) {
          if (typeof value !== 'number') continue;
          expect(value, name).toBeGreaterThanOrEqual(0);
          expect(Number.isFinite(value), name).toBe(true);
        }
        expect(memory.sample.packetsLostRatio ?? 0).toBeLessThanOrEqual(1);
      });
    }),
  );
});
