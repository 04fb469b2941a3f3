import type { BrandKit, Flow, SchedulerConfig, StepType, Uuid } from "../api/types";

/*
 * How a page of the back office talks to the preview in its frame (/admin/preview/frame/), by postMessage. This file is
 * the whole contract; static/backoffice/preview.js is the page's side of it.
 *
 * Every message carries `channel`. Both sides take messages from their own origin only, and only from each other's
 * window. The page sends nothing before `ready`; after it, the order of messages is kept.
 */

export const CHANNEL = "wrkbelt.preview";

/** A flow as the editor has it, saved or not: what a published version's document would hold. */
export type FlowDocument = Omit<Flow, "version_id" | "version">;

/** The steps, the confirmation after them, and the screen for when booking online is not possible. */
export type Screen = StepType | "done" | "fallback";

/** From the page to the frame. */
export type ToFrame =
  /** Fetch what is saved, of this flow or kit or of those shown before, and show it. */
  | { type: "show"; flow_id?: Uuid; brand_kit_id?: Uuid }
  /** Show this draft as it stands; the visitor stays on the step that they are on. */
  | { type: "document"; document: FlowDocument }
  /** Dress in this brand kit, at once. */
  | { type: "brand"; brand_kit: BrandKit }
  /** Another widget's settings: the fallback screen and its phone number. */
  | { type: "config"; scheduler_config: SchedulerConfig }
  /** Jump to a screen, with plausible answers given to everything before it. */
  | { type: "step"; step_type: Screen }
  /** Begin again at the first step, with nothing entered. */
  | { type: "restart" };

export interface StepName {
  id: Uuid;
  step_type: StepType;
  title: string;
}

/** From the frame to the page. */
export type FromFrame =
  /** The frame listens. */
  | { type: "ready" }
  /** What is shown now: the steps that ask for something, in their order. Sent again when they change. */
  | { type: "shown"; steps: StepName[] }
  /** Where the visitor is; `step_id` is null on a screen that is no step. */
  | { type: "step_entered"; step_id: Uuid | null; step_type: Screen }
  /** Nothing can be shown; the sentence says why. */
  | { type: "failed"; reason: string };

const TO_FRAME = ["show", "document", "brand", "config", "step", "restart"];

/** The message in an event, if it is one of ours from this window. */
export function messageOf(event: MessageEvent<unknown>, from: Window | null, origin: string): ToFrame | null {
  if (event.origin !== origin || event.source !== from) return null;
  const data = event.data as (ToFrame & { channel?: string }) | null;
  return data?.channel === CHANNEL && TO_FRAME.includes(data.type) ? data : null;
}

export function tell(page: Window, message: FromFrame, origin: string): void {
  page.postMessage({ channel: CHANNEL, ...message }, origin);
}
