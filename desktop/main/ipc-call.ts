/** One request of the page, checked and carried out. No Electron in here, so that tests reach it. */
import * as v from 'valibot';
import { requests } from '../bridge/contract';
import type { IpcAnswer } from '../bridge/ipc-answer';
import { reasonOf, type Log } from './log';
import { isTrustedSender, placeOf, type Sender } from './security';

/** Names of all requests. */
export type Channel = keyof typeof requests;

/** Carries out the request of one channel. */
export type Handler<C extends Channel> = (
  argument: v.InferOutput<(typeof requests)[C]['argument']>,
) => Answer<C> | Promise<Answer<C>>;

type Answer<C extends Channel> = v.InferOutput<(typeof requests)[C]['answer']>;

/**
 * Checks who asks and with what, then lets the handler answer. Refusals and failures are logged
 * and become values; nothing is thrown.
 */
export async function answerCall<C extends Channel>(
  channel: C,
  call: { sender: Sender | undefined; args: unknown[] },
  handler: Handler<C>,
  log: Log,
): Promise<IpcAnswer<Answer<C>>> {
  if (!isTrustedSender(call.sender)) {
    const place = call.sender === undefined ? 'a frame that is gone' : placeOf(call.sender.url);
    log.warn(`refused ${channel} from ${place}`);
    return { ok: false, code: 'untrusted-sender' };
  }
  const argument = v.safeParse(requests[channel].argument, call.args[0]);
  if (call.args.length > 1 || !argument.success) {
    log.warn(`refused ${channel}: its argument does not fit`);
    return { ok: false, code: 'bad-argument' };
  }
  try {
    return { ok: true, value: await handler(argument.output) };
  } catch (error) {
    log.error(`${channel} failed: ${reasonOf(error)}`);
    return { ok: false, code: 'failed' };
  }
}
