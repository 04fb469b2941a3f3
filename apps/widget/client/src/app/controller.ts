import type { Step, StepType } from "../api/types";
import type { SessionRecorder } from "../session/recorder";
import { nextIndex, type NavigationAction, type NavigationState } from "./navigationReducer";

export interface ControllerOptions {
  recorder: SessionRecorder;
  steps: Step[];
  navigation: () => NavigationState;
  navigate: (action: NavigationAction) => void;
  /** Whether a step still lacks something. */
  missing: (step: Step) => boolean;
}

/** Going from step to step, and telling the session of it. */
export class Controller {
  private enteredAt = Date.now();

  constructor(private readonly options: ControllerOptions) {}

  get step(): Step | undefined {
    return this.options.steps[this.options.navigation().index];
  }

  /** The current step has what it needs: on to the next. */
  next(): void {
    const { steps, navigation, missing, navigate, recorder } = this.options;
    const step = this.step;
    if (!step) return;
    const duration = Math.max(0, Date.now() - this.enteredAt);
    recorder.record("step_completed", step.id, { step_type: step.step_type, duration_ms: duration });
    const lacks = (index: number): boolean => {
      const candidate = steps[index];
      return candidate !== undefined && missing(candidate);
    };
    const to = nextIndex(navigation(), lacks, steps.length);
    navigate({ type: "completed", stepId: step.id, to });
    void recorder.flush();
  }

  back(): void {
    const { steps, navigation, navigate } = this.options;
    const to = steps[navigation().index - 1];
    if (!to) return;
    this.wentBack(to);
    navigate({ type: "back" });
  }

  /** From the summary to one of its lines; the next "continue" comes back. */
  edit(type: StepType): void {
    const { steps, navigate } = this.options;
    const to = steps.findIndex((step) => step.step_type === type);
    const target = steps[to];
    if (!target) return;
    this.wentBack(target);
    navigate({ type: "edit", to });
  }

  entered(): void {
    const step = this.step;
    if (!step) return;
    this.enteredAt = Date.now();
    const direction = this.options.navigation().direction;
    this.options.recorder.record("step_entered", step.id, { step_type: step.step_type, direction });
  }

  private wentBack(to: Step): void {
    const from = this.step;
    if (from) this.options.recorder.record("navigation_back", from.id, { from_step_id: from.id, to_step_id: to.id });
  }
}
