import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Step } from "../api/types";
import { isComplete, walk } from "../engine/graph";
import { stepsRegistry, type Later, type StepProps } from "../steps/registry";
import { Skeleton } from "./Skeleton";
import { useStore } from "./store";

/** Renders the step that the navigation stands on, and records that it was entered. */
export function StepManager({ later }: { later: Later | null }) {
  const { booking, steps, navigation, controller, announce, t } = useStore();
  const step = steps[navigation.index];
  useEffect(() => {
    if (!step) return;
    controller.entered();
    announce(step.step_config.title);
  }, [step?.id]);
  if (!step) return null;
  // The registry pairs each step type with the component for it; the lookup itself cannot narrow the union.
  const Component = (
    showsVisit(step, booking.path) ? later?.Visit : stepsRegistry(later)[step.step_type]
  ) as ((props: StepProps<Step>) => JSX.Element | null) | undefined;
  if (!Component) return <Skeleton label={t("frame.loading")} />;
  return <Component key={step.id} step={step} memento={navigation.mementos[step.id]} />;
}

/** Where a visit may have several services, each that was found stands among them before it goes on. */
function showsVisit(step: Step, path: string[]): boolean {
  return step.step_type === "service_selection" && !!step.type_config.allow_several && isComplete(walk(step.type_config, path));
}
