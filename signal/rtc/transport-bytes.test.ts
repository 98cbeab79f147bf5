import { describe, expect, it } from 'vitest';
import chromium from './fixtures/chromium-viewer.json';
import firefox from './fixtures/firefox-viewer.json';
import { readBytesReceived } from './transport-bytes';

async function bytesOf(entries: readonly object[]): Promise<number | undefined> {
  const report = new Map(entries.map((entry, index) => [String(index), entry]));
  return readBytesReceived({ getStats: () => Promise.resolve(report) });
}

describe('readBytesReceived', () => {
  it('reads the transport of Chromium, and counts nothing twice', async () => {
    const { entries } = chromium.moving[2]!;
    const transport = entries.find(({ type }) => type === 'transport');
    expect(await bytesOf(entries)).toBe(transport!.bytesReceived);
  });

  it('reads the candidate pairs of Firefox, whose transport does not count', async () => {
    const { entries } = firefox.moving[2]!;
    const pair = entries.find(({ type }) => type === 'candidate-pair');
    expect(await bytesOf(entries)).toBe(pair!.bytesReceived);
  });

  it('does not know where the browser does not say', async () => {
    expect(await bytesOf([])).toBeUndefined();
    expect(await bytesOf([{ type: 'transport', dtlsState: 'new' }])).toBeUndefined();
  });
});
