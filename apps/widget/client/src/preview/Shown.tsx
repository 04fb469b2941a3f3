import type { Resolved } from "../api/types";
import { App } from "../app/App";
import { Booking } from "../app/Booking";
import { ErrorBoundary } from "../app/ErrorBoundary";
import type { Services } from "../app/services";

interface Props {
  services: Services;
  resolved: Resolved;
  /** The screen for when booking online is not possible, instead of the flow. */
  fallback: boolean;
  onClosed: () => void;
}

/** The widget, past its loading; or as it is where the server has nothing to open. */
export function Shown({ services, resolved, fallback, onClosed }: Props) {
  const opened = (
    <App services={services} configId={null} onBrand={() => undefined} onClosed={onClosed} />
  );
  if (fallback) return opened;
  return (
    <ErrorBoundary fallback={() => opened}>
      <Booking services={services} resolved={resolved} configKey="default" onClosed={onClosed} />
    </ErrorBoundary>
  );
}
