import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { REFUSAL_REASONS } from '../limits/refusals';
import { startServer, type TestServer } from '../testing/test-server';

const dashboardSchema = v.object({
  panels: v.array(v.object({ targets: v.array(v.object({ expr: v.string() })) })),
});

async function scrape({ port }: TestServer) {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  return { response, text: await response.text() };
}

/** Value of a sample by its name and labels. */
function valueOf(text: string, sample: string): number | undefined {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${sample} `));
  return line === undefined ? undefined : Number(line.slice(sample.length + 1));
}

test('tells what there is and what went through', async () => {
  const server = await startServer();
  const phone = await server.join('streamer');
  await (await server.join('streamer')).publish();
  const streamId = await phone.publish();
  for (let count = 0; count < 2; count += 1) {
    const wall = await server.join('viewer');
    await wall.subscribe(streamId);
    await wall.settle();
  }
  const { response, text } = await scrape(server);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  expect(response.headers.get('cache-control')).toBe('no-store');
  const read = (sample: string) => valueOf(text, sample);
  expect(read('sightline_clients{type="streamer"}')).toBe(2);
  expect(read('sightline_clients{type="viewer"}')).toBe(2);
  expect(read('sightline_streams')).toBe(2);
  expect(read('sightline_sessions')).toBe(2);
  expect(read('sightline_viewers_per_stream_bucket{le="0"}')).toBe(1);
  expect(read('sightline_viewers_per_stream_bucket{le="1"}')).toBe(1);
  expect(read('sightline_viewers_per_stream_bucket{le="2"}')).toBe(2);
  expect(read('sightline_viewers_per_stream_sum')).toBe(2);
  // Four hellos, two publishes, two subscribes, two pings.
  expect(read('sightline_messages_total{direction="received"}')).toBe(10);
  expect(read('sightline_messages_total{direction="sent"}')).toBeGreaterThan(10);
  expect(read('sightline_bytes_total{direction="received"}')).toBeGreaterThan(400);
  expect(read('sightline_bytes_total{direction="sent"}')).toBeGreaterThan(1_000);
  for (const name of ['process_resident_memory_bytes', 'process_cpu_seconds_total']) {
    expect(read(name)).toBeGreaterThan(0);
  }
});

test('a second look is of that moment, and counters only grow', async () => {
  const server = await startServer();
  const phone = await server.join('streamer');
  await phone.publish();
  const before = (await scrape(server)).text;
  phone.send({ type: 'bye' });
  await phone.closed;
  const after = (await scrape(server)).text;
  expect(valueOf(before, 'sightline_viewers_per_stream_count')).toBe(1);
  expect(valueOf(after, 'sightline_viewers_per_stream_count')).toBe(0);
  expect(valueOf(after, 'sightline_clients{type="streamer"}')).toBe(0);
  const received = 'sightline_messages_total{direction="received"}';
  expect(valueOf(after, received)).toBe((valueOf(before, received) ?? 0) + 1);
});

test('names every reason of refusals, and nobody', async () => {
  const server = await startServer({ config: { access: 'keys', name: 'Secret studio' } });
  const guesser = await server.connect('viewer');
  guesser.send({ type: 'hello', protocolVersion: 1, key: 'k'.repeat(22) });
  await guesser.closed;
  const { text } = await scrape(server);
  for (const reason of REFUSAL_REASONS) {
    const expected = reason === 'failed-keys' ? 1 : 0;
    expect(valueOf(text, `sightline_refusals_total{reason="${reason}"}`)).toBe(expected);
  }
  for (const secret of [guesser.id, 'Secret studio', 'kkkk', '127.0.0.1', ...server.urls.stream]) {
    expect(text).not.toContain(secret);
  }
});

test('can be switched off', async () => {
  const server = await startServer({ config: { metrics: false } });
  expect((await scrape(server)).response.status).toBe(404);
});

test('is measured apart for each server, and ends with it', async () => {
  const [first, second] = [await startServer(), await startServer()];
  await first.join('viewer');
  expect(valueOf((await scrape(second)).text, 'sightline_clients{type="viewer"}')).toBe(0);
  await first.close();
  expect((await scrape(second)).response.status).toBe(200);
});

test('the dashboard in the documentation asks for nothing that is not there', async () => {
  const file = new URL('../../../docs/grafana-dashboard.json', import.meta.url);
  const { panels } = v.parse(dashboardSchema, JSON.parse(await readFile(file, 'utf8')));
  const { text } = await scrape(await startServer());
  const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  expect(expressions.length).toBeGreaterThan(10);
  for (const name of expressions.join(' ').match(/\b(?:sightline|process|nodejs)_\w+/gu) ?? []) {
    expect(text).toContain(`# HELP ${name.replace('_bucket', '')} `);
  }
});
