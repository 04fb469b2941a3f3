import type { Flow, Step } from "../api/types";

/** The steps that ask for something. A details step without fields is passed over. */
export function askingSteps(flow: Flow): Step[] {
  return flow.steps.filter((step) => step.step_type !== "details" || step.type_config.fields.length > 0);
}

/** Where a flow without a zip code step books: the location that its time step names. */
export function fixedLocation(flow: Flow): { id: string; name: string } | null {
  for (const step of flow.steps) {
    if (step.step_type === "timeslot" && step.type_config.location_id) {
      return { id: step.type_config.location_id, name: step.type_config.location_name ?? "" };
    }
  }
  return null;
}
