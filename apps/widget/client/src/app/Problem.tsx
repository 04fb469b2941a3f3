import type { ApiError } from "../api/errors";
import { reasonOf } from "./refusals";
import { useWords } from "./words";

/** A part that did not load, with the way to try again. */
export function Problem({ onRetry, refusal }: { onRetry: () => void; refusal: ApiError | null }) {
  const { t } = useWords();
  return (
    <div class="panel" role="alert">
      <h3 class="subtitle">{t("problem.title")}</h3>
      <p class="quiet">{refusal ? reasonOf(refusal, t) : t("problem.text")}</p>
      <button type="button" class="secondary" data-testid="retry" onClick={onRetry}>
        {t("retry")}
      </button>
    </div>
  );
}
