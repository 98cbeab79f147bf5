import { afterEach, expect, it } from 'vitest';
import { nextTick } from 'vue';
import App from '../App.vue';
import { useInspectorStore } from '../inspector/inspector-store';
import { FakeSubscriber, streamIdOf, streamInfo } from '../testing/fake-streams';
import { goLive, mountConsole, type MountedConsole } from '../testing/mount-console';
import { useMenuStore } from './menu-store';

let mounted: MountedConsole;

afterEach(() => mounted.close());

it('closes by Escape, alone, also when what had the focus in it is gone', async () => {
  mounted = mountConsole(App, {
    prepare({ server, source }) {
      goLive(server);
      source.put(streamInfo(1), new FakeSubscriber());
    },
  });
  useInspectorStore().open(streamIdOf(1));
  const place = { x: 0, y: 0, hangsFrom: 'pointer' } as const;
  useMenuStore().open({ streamId: streamIdOf(1), panel: 'camera', ...place });
  await nextTick();
  expect(document.querySelector('[data-testid="camera-panel"]')).not.toBeNull();
  // As a browser does when a focused element is removed.
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
  await nextTick();
  expect(document.querySelector('[data-testid="camera-panel"]')).toBeNull();
  expect(useInspectorStore().shown).toEqual([streamIdOf(1)]);
});
