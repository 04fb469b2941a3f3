import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Direction } from "./navigationReducer";
import { Spinner } from "./Spinner";

export interface Action {
  label: string;
  onPress: () => void;
  busy?: boolean;
  disabled?: boolean;
  testid?: string;
}

interface Props {
  title: string;
  description?: string | null | undefined;
  direction?: Direction;
  /** The one primary action; null where a tap on the content is the action. */
  action: Action | null;
  /** Above the heading. */
  badge?: ComponentChildren;
  /** Left to the step where it has a field to begin in. */
  focusHeading?: boolean;
  /** Stands above the action: the held time, an error. */
  notice?: ComponentChildren;
  /** A second, quieter action below the first. */
  footer?: ComponentChildren;
  children?: ComponentChildren;
}

/** One question: heading, what is asked, one action. Enter in a field presses the action. */
export function Screen({ title, description, direction, badge, action, focusHeading = true, notice, footer, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focusHeading) heading.current?.focus({ preventScroll: true });
  }, []);
  const submit = (event: Event): void => {
    event.preventDefault();
    if (action && !action.busy && !action.disabled) action.onPress();
  };
  return (
    <form class={`screen ${direction ?? ""}`} noValidate onSubmit={submit}>
      <div class="body">
        {badge}
        <h2 class="title" tabIndex={-1} ref={heading}>
          {title}
        </h2>
        {description && <p class="lead">{description}</p>}
        {children}
      </div>
      {(action || footer || notice) && (
        <div class="foot">
          {notice}
          {action && (
            <button
              type="submit"
              class="primary"
              data-testid={action.testid ?? "primary-action"}
              disabled={action.disabled ?? false}
              aria-busy={action.busy ?? false}
            >
              {action.busy && <Spinner />}
              {action.label}
            </button>
          )}
          {footer}
        </div>
      )}
    </form>
  );
}
