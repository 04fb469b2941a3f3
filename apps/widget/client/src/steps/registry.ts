import type { JSX } from "preact";
import type { Step, StepType } from "../api/types";
import { ServiceSelection } from "./ServiceSelection";
import { ZipCode } from "./ZipCode";

export interface StepProps<S extends Step> {
  step: S;
  /** What the step remembered of itself when it was last left. */
  memento: unknown;
}

type Of<T extends StepType> = (props: StepProps<Extract<Step, { step_type: T }>>) => JSX.Element | null;
type Registry = { [T in StepType]: Of<T> };

/** The part of the widget that is fetched while the first questions are being answered. */
export type Later = typeof import("./later");

/** Which component asks which step; undefined while it is still being fetched. */
export function stepsRegistry(later: Later | null): Partial<Registry> {
  return {
    zipcode: ZipCode,
    service_selection: ServiceSelection,
    ...(later && { details: later.Details, timeslot: later.Timeslot, customer: later.Customer, summary: later.Summary }),
  };
}
