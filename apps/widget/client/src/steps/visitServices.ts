import type { Service, Step } from "../api/types";
import type { BookingState } from "../app/bookingReducer";
import { pickedServices } from "../app/laterReducer";
import type { Store } from "../app/store";
import { walk } from "../engine/graph";
import { contentOf } from "./choiceContent";

/** A service of the visit with what was answered on the way to it. */
export interface ChosenService {
  service: Service;
  answers: string[];
}

type View = Pick<Store, "booking" | "resolved" | "steps">;

/** In the order of the visit. A service that the flow no longer has is left out. */
export function chosenServices({ booking, resolved, steps }: View): ChosenService[] {
  const step = steps.find((candidate: Step) => candidate.step_type === "service_selection");
  return pickedServices(booking).flatMap(({ path, serviceId }) => {
    const service = resolved.flow.services[serviceId];
    if (!service) return [];
    const answered = step ? walk(step.type_config, path).answered : [];
    const answers = answered
      .filter((one) => one.choice.serviceId === null)
      .map((one) => contentOf(one.choice, resolved.flow).title);
    return [{ service, answers }];
  });
}

export interface Total {
  /** Decimal as text; null where nothing has a fixed price. */
  amount: string | null;
  /** Something comes on top that has no fixed price. */
  open: boolean;
}

/** What these prices (decimals as text, null for none) come to, counted in hundredths. */
export function totalOf(prices: readonly (string | null)[]): Total {
  const fixed = prices.filter((price) => price !== null);
  const hundredths = fixed.reduce((sum, price) => sum + Math.round(Number(price) * 100), 0);
  return { amount: fixed.length > 0 ? (hundredths / 100).toFixed(2) : null, open: fixed.length < prices.length };
}

export function isSeveral(booking: BookingState): boolean {
  return pickedServices(booking).length > 1;
}
