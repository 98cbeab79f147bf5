/**
 * The bridge between the console's page and the main process. Runs sandboxed, exposes functions
 * only, and hands out no object of Electron.
 */
import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';
import * as v from 'valibot';
import { events, requests, type DesktopApi } from '../bridge/contract';
import { ipcAnswerSchema } from '../bridge/ipc-answer';

/**
 * Asks the main process and checks what comes back.
 *
 * @throws Error with the refusal's code when the page asked in a way the contract does not know.
 */
async function request<C extends keyof typeof requests>(
  channel: C,
  ...args: string[]
): Promise<v.InferOutput<(typeof requests)[C]['answer']>> {
  const answer = v.parse(ipcAnswerSchema, await ipcRenderer.invoke(channel, ...args));
  if (!answer.ok) throw new Error(answer.code);
  return v.parse(requests[channel].answer, answer.value);
}

const api: DesktopApi = {
  getServerState: () => request('server:get-state'),
  getRemoteAddress: () => request('server:get-remote-address'),
  useEmbeddedServer: () => request('server:use-embedded'),
  useRemoteServer: (address) => request('server:use-remote', address),
  onServerStateChanged(listener) {
    const onChange = (_event: IpcRendererEvent, state: unknown): void =>
      listener(v.parse(events['server:state-changed'], state));
    ipcRenderer.on('server:state-changed', onChange);
    return () => void ipcRenderer.off('server:state-changed', onChange);
  },
};

contextBridge.exposeInMainWorld('sightline', api);
