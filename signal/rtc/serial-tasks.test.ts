import { describe, expect, it, vi } from 'vitest';
import { SerialTasks } from './serial-tasks';

function gate(): { readonly opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe('SerialTasks', () => {
  it('starts a task when the one before is done', async () => {
    const tasks = new SerialTasks();
    const { opened, open } = gate();
    const done: number[] = [];
    tasks.add(async () => {
      await opened;
      done.push(1);
    }, vi.fn());
    tasks.add(() => {
      done.push(2);
      return Promise.resolve();
    }, vi.fn());
    await Promise.resolve();
    expect(done).toEqual([]);
    open();
    await vi.waitFor(() => expect(done).toEqual([1, 2]));
  });

  it('goes on after a task that failed, and tells of it', async () => {
    const tasks = new SerialTasks();
    const failure = new Error('No such candidate');
    const onError = vi.fn();
    const next = vi.fn(() => Promise.resolve());
    tasks.add(() => Promise.reject(failure), onError);
    tasks.add(next, onError);
    await vi.waitFor(() => expect(next).toHaveBeenCalled());
    expect(onError).toHaveBeenCalledExactlyOnceWith(failure);
  });

  it('goes on after an error listener that failed, and lets its error show', async () => {
    const thrown: unknown[] = [];
    vi.stubGlobal('queueMicrotask', (callback: () => void) => {
      try {
        callback();
      } catch (error) {
        thrown.push(error);
      }
    });
    const tasks = new SerialTasks();
    const bug = new Error('A bug in a listener');
    const next = vi.fn(() => Promise.resolve());
    tasks.add(
      () => Promise.reject(new Error('Ordinary trouble')),
      () => {
        throw bug;
      },
    );
    tasks.add(next, vi.fn());
    await vi.waitFor(() => expect(next).toHaveBeenCalled());
    expect(thrown).toEqual([bug]);
    vi.unstubAllGlobals();
  });
});
