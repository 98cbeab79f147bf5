import { EventEmitter } from 'node:events';
import { afterEach, expect, test, vi } from 'vitest';
import { onShutdownRequest, parentPortOf } from './shutdown';

const own = { SIGTERM: process.listeners('SIGTERM'), SIGINT: process.listeners('SIGINT') };

afterEach(() => {
  Reflect.deleteProperty(process, 'parentPort');
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    for (const listener of process.listeners(signal)) {
      if (!own[signal].includes(listener)) process.off(signal, listener);
    }
  }
});

test("Electron's main process may ask, once, and only in these words", () => {
  const port = new EventEmitter();
  Object.defineProperty(process, 'parentPort', { value: port, configurable: true });
  const listener = vi.fn();
  onShutdownRequest(listener);
  port.emit('message', { data: { type: 'restart' } });
  port.emit('message', 'shutdown');
  expect(listener).not.toHaveBeenCalled();
  port.emit('message', { data: { type: 'shutdown' }, ports: [] });
  port.emit('message', { data: { type: 'shutdown' }, ports: [] });
  expect(listener.mock.calls).toEqual([['parent process']]);
});

test('plain Node has no parent port, and what only looks like one is not used', () => {
  expect(parentPortOf(process)).toBeUndefined();
  expect(parentPortOf({ parentPort: null })).toBeUndefined();
  expect(parentPortOf({ parentPort: { on: 1 } })).toBeUndefined();
});
