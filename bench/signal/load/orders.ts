/** What the bench asks of the process that makes the load, and what it answers. */
import type { FleetPlan } from './fleet';
import type { Latency, Throughput } from './measure';

/** Orders and their answers, by name. */
export interface Orders {
  /** Connects a fleet under a name, beside those that are there; says how long that took, in ms. */
  open: { readonly order: { readonly fleet: string; readonly plan: FleetPlan }; answer: number };
  /** Pairs up its phones and consoles. */
  couple: { readonly order: { readonly fleet: string }; answer: null };
  throughput: {
    readonly order: { readonly fleet: string; readonly milliseconds: number };
    answer: Throughput;
  };
  latency: {
    readonly order: {
      readonly fleet: string;
      readonly perSecond: number;
      readonly milliseconds: number;
    };
    answer: Latency;
  };
  /** Milliseconds until every console has heard of something. */
  fanOut: { readonly order: { readonly fleet: string }; answer: number };
  /** Cuts all its clients off, those that were added to it included. */
  close: { readonly order: { readonly fleet: string }; answer: null };
}

/** Names of the orders. */
export type OrderName = keyof Orders;

/** An order on its way. */
export interface OrderMessage<N extends OrderName = OrderName> {
  readonly id: number;
  readonly name: N;
  readonly order: Orders[N]['order'];
}

/** An answer on its way back. */
export type AnswerMessage =
  | { readonly id: number; readonly answer: Orders[OrderName]['answer'] }
  | { readonly id: number; readonly failure: string };
