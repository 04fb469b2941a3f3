import { useWords } from "./words";

/** A part that did not load, with the way to try again. */
export function Problem({ onRetry, reason }: { onRetry: () => void; reason: string | null }) {
  const { t } = useWords();
  return (
    <div class="panel" role="alert">
      <h3 class="subtitle">{t("problem.title")}</h3>
      <p class="quiet">{reason ?? t("problem.text")}</p>
      <button type="button" class="secondary" data-testid="retry" onClick={onRetry}>
        {t("retry")}
      </button>
    </div>
  );
}
