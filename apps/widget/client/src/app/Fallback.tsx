import type { FallbackScreen } from "../api/types";
import type { Translate } from "../i18n";
import { CallLink } from "./CallLink";
import { Icon } from "./Icon";
import { Spinner } from "./Spinner";

interface Props {
  t: Translate;
  screen: FallbackScreen | null;
  phone: string | null;
  busy?: boolean;
  onRetry: (() => void) | null;
}

/** The last resort: a person can always call. */
export function Fallback({ t, screen, phone, busy = false, onRetry }: Props) {
  const number = screen?.phone_number || phone;
  return (
    <div class="screen" data-testid="fallback">
      <div class="body center">
        <span class="badge">
          <Icon name={screen?.content.icon ?? "phone"} path={screen?.icon_path} size={28} fallback="phone" />
        </span>
        <h2 class="title" tabIndex={-1}>
          {screen?.content.title || t(number ? "fallback.title" : "fallback.closed")}
        </h2>
        <p class="lead">{screen?.content.description || t(number ? "fallback.text" : "fallback.later")}</p>
      </div>
      <div class="foot">
        {number && <CallLink t={t} phone={number} kind="primary" />}
        {onRetry && (
          <button type="button" class="secondary" data-testid="retry" aria-busy={busy} onClick={onRetry}>
            {busy && <Spinner />}
            {t("retry")}
          </button>
        )}
      </div>
    </div>
  );
}
