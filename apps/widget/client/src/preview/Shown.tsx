import type { Resolved } from "../api/types";
import { App } from "../app/App";
import { Booking } from "../app/Booking";
import { ErrorBoundary } from "../app/ErrorBoundary";
import type { Services } from "../app/services";
import { languageOf } from "../i18n/languages";

interface Props {
  services: Services;
  resolved: Resolved;
  /** The screen for when booking online is not possible, instead of the flow. */
  fallback: boolean;
  onClosed: () => void;
}

/** The widget, past its loading; or as it is where the server has nothing to open. */
export function Shown({ services, resolved, fallback, onClosed }: Props) {
  // A page may ask for another; here there is none.
  const language = languageOf(resolved.organization.locale) ?? "en";
  const opened = (
    <App services={services} configId={null} language={language} onBrand={() => undefined} onClosed={onClosed} />
  );
  if (fallback) return opened;
  return (
    <ErrorBoundary fallback={() => opened}>
      <Booking services={services} resolved={resolved} language={language} configKey="default" onClosed={onClosed} />
    </ErrorBoundary>
  );
}
