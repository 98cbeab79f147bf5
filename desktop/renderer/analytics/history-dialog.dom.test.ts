import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { historyKey } from '../injection';
import type { SessionRecord } from '../statistics/session-history';
import { SessionTimeline } from '../statistics/session-timeline';
import HistoryDialog from './HistoryDialog.vue';

let wrapper: VueWrapper;
let now = 0;

const EARLIER: SessionRecord = {
  sessionId: 'old',
  startedAt: 0,
  aliveAt: 60_000,
  endedAt: 60_000,
  streamCount: 1,
};

function mountHistory(isKept = true) {
  const timeline = new SessionTimeline();
  const of = { streamId: 'A', label: 'Stage' };
  timeline.addEvent({ ...of, at: 100_000, kind: 'joined' });
  timeline.addEvent({ ...of, at: 101_000, kind: 'started' });
  timeline.addEvent({ ...of, at: 104_000, kind: 'dropped', cause: 'no-packets' });
  timeline.addEvent({ ...of, at: 106_000, kind: 'recovered' });
  const recorder = {
    session: { sessionId: 'S', startedAt: 100_000, timeline },
    now: vi.fn(() => now),
    restart: vi.fn<() => void>(),
  };
  const history = {
    isKept,
    sessions: vi.fn(() => Promise.resolve(isKept ? [EARLIER] : [])),
    read: vi.fn(() =>
      Promise.resolve({
        samples: [],
        events: [{ streamId: 'B', label: 'Door', at: 0, kind: 'joined' as const }],
      }),
    ),
    remove: vi.fn<(sessionId: string) => Promise<void>>(() => Promise.resolve()),
    clear: vi.fn(() => Promise.resolve()),
  };
  wrapper = mount(HistoryDialog, {
    attachTo: document.body,
    global: {
      plugins: [createPinia()],
      provide: { [historyKey as symbol]: { recorder, history } },
    },
  });
  return { recorder, history };
}

const total = (name: string) => wrapper.find(`[data-total="${name}"]`).text();
const press = (name: string) =>
  wrapper
    .findAll('button')
    .find((button) => button.text() === name)!
    .trigger('click');

beforeEach(() => {
  vi.useFakeTimers();
  now = 110_000;
});
afterEach(() => {
  wrapper.unmount();
  vi.useRealTimers();
});

describe('the history', () => {
  it('tells what the session comes to, and goes on once a second', async () => {
    mountHistory();
    await flushPromises();
    expect(total('drops')).toBe('1');
    expect(total('recovery')).toBe('2.0 s');
    expect(total('live')).toBe('7.0 s');
    expect(wrapper.find('[data-testid="timeline"]').attributes('data-to')).toBe('110000');
    now += 1_000;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(total('live')).toBe('8.0 s');
    expect(wrapper.find('[data-testid="timeline"]').attributes('data-to')).toBe('111000');
  });

  it('looks at nothing any more once it is closed', async () => {
    const { recorder } = mountHistory();
    await flushPromises();
    wrapper.unmount();
    recorder.now.mockClear();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(recorder.now).not.toHaveBeenCalled();
  });

  it('says the same in tables', async () => {
    mountHistory();
    await press('Tables');
    const rows = wrapper.findAll('[data-testid="history-events"] tbody tr');
    expect(rows.map((row) => row.attributes('data-kind'))).toEqual([
      'recovered',
      'dropped',
      'started',
      'joined',
    ]);
    expect(rows[1]!.text()).toContain('Nothing arrives from the phone');
    expect(wrapper.find('[data-testid="history-streams"] tbody').text()).toContain('on the wall');
  });

  it('zooms by keys, and stays there', async () => {
    mountHistory();
    const timeline = wrapper.find('[data-testid="timeline"]');
    now = 200_000;
    await vi.advanceTimersByTimeAsync(1_000);
    await timeline.trigger('keydown', { key: '+' });
    await timeline.trigger('keydown', { key: 'Home' });
    const to = timeline.attributes('data-to');
    expect(Number(to)).toBeLessThan(180_000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(timeline.attributes('data-to')).toBe(to);
    await timeline.trigger('keydown', { key: '0' });
    expect(timeline.attributes('data-to')).toBe('200000');
  });

  it('shows an earlier session, and deletes it only when told twice', async () => {
    const { history, recorder } = mountHistory();
    await flushPromises();
    await wrapper.find('select').setValue('old');
    await flushPromises();
    expect(wrapper.text()).toContain('Door');
    await press('Delete this session');
    expect(history.remove).not.toHaveBeenCalled();
    await press('Delete');
    await flushPromises();
    expect(history.remove).toHaveBeenCalledExactlyOnceWith('old');
    expect(recorder.restart).not.toHaveBeenCalled();
    await press('Delete all');
    await press('Delete');
    await flushPromises();
    expect(history.clear).toHaveBeenCalledOnce();
    expect(recorder.restart).toHaveBeenCalledOnce();
  });

  it.each([
    ['all', 'Delete all'],
    ['the session that goes on', 'Delete this session'],
  ])('lets nothing that is written meanwhile bring %s back', async (_what, button) => {
    const { history, recorder } = mountHistory();
    await flushPromises();
    const written: string[] = [];
    const kept = new Set(['old', 'S']);
    const flush = (): void => {
      written.push(recorder.session.sessionId);
      kept.add(recorder.session.sessionId);
    };
    recorder.restart.mockImplementation(() => (recorder.session.sessionId = 'next'));
    const forget = async (...ids: string[]): Promise<void> => {
      for (const id of ids) kept.delete(id);
      // The recorder's ten seconds are over before the browser has answered.
      flush();
      await Promise.resolve();
    };
    history.clear.mockImplementation(() => forget('old', 'S'));
    history.remove.mockImplementation((id) => forget(id));
    await press(button);
    await press('Delete');
    await flushPromises();
    expect(written).toEqual(['next']);
    expect(kept.has('S')).toBe(false);
  });

  it('says where nothing is kept', async () => {
    mountHistory(false);
    await flushPromises();
    expect(wrapper.text()).toContain('keeps no history');
    expect(total('streams')).toBe('1');
  });
});
