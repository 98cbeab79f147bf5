/** The only place that touches `ipcMain`: every request of the page goes through `handle`. */
import { BrowserWindow, ipcMain, type IpcMainInvokeEvent } from 'electron';
import type { events } from '../bridge/contract';
import type * as v from 'valibot';
import { answerCall, type Channel, type Handler } from './ipc-call';
import type { Log } from './log';
import { isConsolePage, type Sender } from './security';

/** Answers one channel for as long as the app runs. */
export function handle<C extends Channel>(channel: C, handler: Handler<C>, log: Log): void {
  ipcMain.handle(channel, (event, ...args: unknown[]) =>
    answerCall(channel, { sender: senderOf(event), args }, handler, log),
  );
}

/**
 * Tells the console that something has happened. A page that is gone is not told, nor is any other
 * than the console: what is told may hold a key.
 */
export function tellConsole<E extends keyof typeof events>(
  event: E,
  payload: v.InferOutput<(typeof events)[E]>,
): void {
  for (const { webContents } of BrowserWindow.getAllWindows()) {
    if (!webContents.isDestroyed() && isConsolePage(webContents.mainFrame.url)) {
      webContents.send(event, payload);
    }
  }
}

/** Undefined when the frame has gone or moved on since it sent the message. */
function senderOf(event: IpcMainInvokeEvent): Sender | undefined {
  const frame = event.senderFrame;
  if (frame === null) return undefined;
  return { url: frame.url, isTopFrame: frame.parent === null };
}
