/** The history in a real browser: layout, canvas, and the rules of axe-core. */
import { mount } from '@vue/test-utils';
import axe from 'axe-core';
import { createPinia } from 'pinia';
import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import '../design/base.css';
import '../design/tokens.css';
import { historyKey } from '../injection';
import { SessionTimeline } from '../statistics/session-timeline';
import HistoryDialog from './HistoryDialog.vue';

const HOUR = 3_600_000;

function fullDay(): SessionTimeline {
  const timeline = new SessionTimeline();
  for (let index = 0; index < 25; index += 1) {
    const of = { streamId: String(index), label: `Camera ${index}` };
    timeline.addEvent({ ...of, at: index * 60_000, kind: 'joined' });
    timeline.addEvent({ ...of, at: index * 60_000 + 2_000, kind: 'started' });
    for (let at = index * 60_000; at < 8 * HOUR; at += 10_000) {
      const health = at % 700_000 < 120_000 ? 'fair' : at % 900_000 < 90_000 ? 'poor' : 'good';
      const { streamId } = of;
      timeline.addSample({ streamId, at, liveSeconds: 10, receivedBytes: 1e6, health });
    }
    timeline.addEvent({ ...of, at: HOUR * (1 + (index % 5)), kind: 'dropped' });
    timeline.addEvent({ ...of, at: HOUR * (1 + (index % 5)) + 600_000, kind: 'frozen' });
    timeline.addEvent({ ...of, at: HOUR * (1 + (index % 5)) + 900_000, kind: 'recovered' });
  }
  return timeline;
}

it('shows eight hours of 25 cameras, and breaks no rule', async () => {
  await page.viewport(1440, 900);
  const session = { sessionId: 'S', startedAt: 0, timeline: fullDay() };
  const recorder = { session, now: () => 8 * HOUR, restart: () => undefined };
  const nothing = () => Promise.resolve();
  const history = {
    isKept: true,
    sessions: () => Promise.resolve([]),
    read: () => Promise.resolve({ samples: [], events: [] }),
    remove: nothing,
    clear: nothing,
  };
  const wrapper = mount(HistoryDialog, {
    attachTo: document.body,
    global: {
      plugins: [createPinia()],
      provide: { [historyKey as symbol]: { recorder, history } },
    },
  });
  const canvas = wrapper.find<HTMLCanvasElement>('.canvas').element;
  const painted = () => {
    const { width, height } = canvas;
    const data = canvas.getContext('2d')!.getImageData(0, 0, width, height).data;
    return data.some((value) => value > 0);
  };
  await expect.poll(painted).toBe(true);
  const text = (hook: string) => wrapper.find(`[data-testid="${hook}"]`).text();
  const cursor = () => wrapper.find('[data-testid="timeline-cursor"]');
  wrapper.find<HTMLElement>('[data-testid="timeline"]').element.focus();
  await userEvent.keyboard('{ArrowDown}{ArrowDown}{PageUp}');
  expect(cursor().exists()).toBe(true);
  expect(text('timeline-readout')).toMatch(/^Camera 1, .+: live, (?:good|fair|poor)$/u);
  expect(wrapper.find('[aria-live="polite"]').text()).toBe(text('timeline-readout'));
  await userEvent.keyboard('{Delete}');
  expect(cursor().exists()).toBe(false);
  const flag = wrapper.find('.now-word').element.getBoundingClientRect();
  const covered = wrapper.findAll('.tick').filter(({ element }) => {
    const { left, right } = element.getBoundingClientRect();
    return element.textContent !== '' && left < flag.right && right > flag.left;
  });
  expect(covered).toEqual([]);
  const { violations } = await axe.run(document.body);
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id} ${nodes[0]?.html ?? ''}`)).toEqual([]);
  wrapper.unmount();
});
