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
  ...args: v.InferInput<(typeof requests)[C]['argument']> extends undefined
    ? []
    : [v.InferInput<(typeof requests)[C]['argument']>]
): Promise<v.InferOutput<(typeof requests)[C]['answer']>> {
  const answer = v.parse(ipcAnswerSchema, await ipcRenderer.invoke(channel, ...args));
  if (!answer.ok) throw new Error(answer.code);
  return v.parse(requests[channel].answer, answer.value);
}

/** Calls back with what an event carries, checked; returns the way to stop. */
function subscribe<E extends keyof typeof events>(
  event: E,
  listener: (payload: v.InferOutput<(typeof events)[E]>) => void,
): () => void {
  const onEvent = (_event: IpcRendererEvent, payload: unknown): void =>
    listener(v.parse(events[event], payload));
  ipcRenderer.on(event, onEvent);
  return () => void ipcRenderer.off(event, onEvent);
}

const api: DesktopApi = {
  getServerState: () => request('server:get-state'),
  getRemoteAddress: () => request('server:get-remote-address'),
  useEmbeddedServer: () => request('server:use-embedded'),
  useRemoteServer: (address) => request('server:use-remote', address),
  trustRemoteServer: (decision) => request('server:trust-remote', decision),
  keepServerKey: (kept) => request('server:keep-key', kept),
  getFoundServers: () => request('servers:get-found'),
  useFoundServer: (id) => request('servers:use-found', id),
  onServerStateChanged: (listener) => subscribe('server:state-changed', listener),
  onFoundServersChanged: (listener) => subscribe('servers:found-changed', listener),
  onWindowShownChanged: (listener) => subscribe('window:shown-changed', listener),
};

contextBridge.exposeInMainWorld('sightline', api);
