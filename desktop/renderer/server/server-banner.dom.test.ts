import { mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nextTick } from 'vue';
import { controlRoomKey } from '../injection';
import ServerBanner from './ServerBanner.vue';
import { useServerStore, type ServerStore } from './server-store';

let wrapper: VueWrapper;
let server: ServerStore;

beforeEach(() => {
  const pinia = createPinia();
  setActivePinia(pinia);
  server = useServerStore();
  wrapper = mount(ServerBanner, {
    props: { hasPictures: true },
    global: { plugins: [pinia], provide: { [controlRoomKey as symbol]: {} } },
  });
});

afterEach(() => wrapper.unmount());

it('says each time that a key was not taken, until that was read', async () => {
  server.hostState = {
    state: 'ready',
    kind: 'embedded',
    origin: 'ws://127.0.0.1:8444',
    notice: 'Another port had to be taken.',
  };
  for (let time = 0; time < 2; time += 1) {
    server.keyRefusal = 'This link is not valid any more.';
    await nextTick();
    expect(wrapper.text()).toContain('This link is not valid any more.');
    await wrapper.find('button').trigger('click');
    expect(wrapper.text()).toBe('Another port had to be taken.');
  }
  await wrapper.find('button').trigger('click');
  expect(wrapper.text()).toBe('');
});
