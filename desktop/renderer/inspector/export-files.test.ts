import { describe, expect, it } from 'vitest';
import type { StreamSnapshot } from '../statistics/stream-monitor';
import { streamInfo } from '../testing/fake-streams';
import { goodFacts, goodSample } from '../testing/health-setup';
import { factsJson, fileName, figuresText, reportsJson, ringCsv } from './export-files';
import { figureGroups } from './figure-groups';

function snapshot(change: Partial<StreamSnapshot> = {}): StreamSnapshot {
  return {
    info: streamInfo(1),
    isGone: false,
    facts: goodFacts(),
    telemetry: undefined,
    latency: undefined,
    health: { level: 'good', reason: undefined },
    diagnosis: { cause: 'none', figures: {} },
    ...change,
  };
}

function valueOf(of: StreamSnapshot, group: string, name: string): string | undefined {
  const figures = figureGroups(of).find((each) => each.name === group)?.figures;
  return figures?.find((figure) => figure.name === name)?.value;
}

describe('figure groups', () => {
  it('gives each figure its unit, and none to what is unknown', () => {
    const facts = goodFacts({ sample: goodSample({ videoBitrateBps: 1_234_567, jitterMs: 3.21 }) });
    const known = snapshot({
      facts,
      latency: { latencyMs: 181.2, errorMs: 19.6, method: 'stages' },
    });
    expect(valueOf(known, 'picture', 'size')).toBe('1280×720');
    expect(valueOf(known, 'picture', 'latency')).toBe('≈ 181 ms ± 20');
    expect(valueOf(known, 'network', 'bitrate')).toBe('1.23 Mbit/s');
    expect(valueOf(known, 'network', 'jitter')).toBe('3.2 ms');
    expect(valueOf(known, 'network', 'relayed')).toBe('no');
    expect(valueOf(known, 'phone', 'battery')).toBeUndefined();
  });

  it('has the same figures for every stream, so that columns fit', () => {
    const names = (of: StreamSnapshot) =>
      figureGroups(of).map(({ figures }) => figures.map(({ name }) => name));
    const bare = snapshot({ facts: goodFacts({ sample: undefined }) });
    expect(names(bare)).toEqual(names(snapshot()));
  });
});

describe('exports', () => {
  it('copies a table in plain text, with a dash for what is absent', () => {
    const text = figuresText([snapshot(), snapshot({ info: streamInfo(2) })]);
    expect(text).toMatch(/^ +Camera 1 +Camera 2$/mu);
    expect(text).toMatch(/^Size +1280×720 +1280×720$/mu);
    expect(text).toMatch(/^Battery +– +–$/mu);
  });

  it('writes CSV with an empty field for what is absent, and no formula', () => {
    const hostile = snapshot({ info: streamInfo(1, { label: '=HYPERLINK("x"),1' }) });
    const samples = [{ at: 0, framesPerSecond: 30 }];
    const [head, line, end] = ringCsv([{ snapshot: hostile, samples }]).split('\r\n');
    expect(head).toMatch(/^time,stream,label,framesPerSecond,width,/u);
    expect(line).toMatch(/^1970-01-01T00:00:00\.000Z,[^,]+,"'=HYPERLINK\(""x""\),1",30,,/u);
    expect(end).toBe('');
  });

  it('writes the ring and every fact as JSON', () => {
    const samples = [{ at: 1_000, framesPerSecond: 30 }];
    const json: unknown = JSON.parse(factsJson([{ snapshot: snapshot(), samples }], new Date(0)));
    expect(json).toMatchObject({
      exportedAt: '1970-01-01T00:00:00.000Z',
      streams: [{ sentence: 'All is well.', samples: [{ framesPerSecond: 30 }] }],
    });
  });

  it('writes raw reports as the browser gave them', () => {
    const report = new Map([['a', { id: 'a', type: 'transport' }]]);
    const reports = [
      { streamId: '1', label: 'A', report },
      { streamId: '2', label: 'B', report: undefined },
    ];
    expect(JSON.parse(reportsJson(reports, new Date(0)))).toMatchObject({
      streams: [
        { label: 'A', stats: [{ id: 'a', type: 'transport' }] },
        { label: 'B', stats: [] },
      ],
    });
  });

  it('names files so that every system takes them', () => {
    const now = new Date(2026, 0, 2, 3, 4, 5);
    expect(fileName(['Bühne 1/2: "links"'], '.csv', now)).toBe(
      'sightline-bühne-1-2-links-2026-01-02-030405.csv',
    );
    expect(fileName(['../..'], '.json', now)).toBe('sightline-streams-2026-01-02-030405.json');
  });
});
