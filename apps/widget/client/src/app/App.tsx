import { useCallback, useEffect, useState } from "preact/hooks";
import { ApiError } from "../api/errors";
import type { BrandKit, FallbackScreen, Resolved } from "../api/types";
import { speak, translator } from "../i18n";
import { FIRST } from "../i18n/first";
import { languageOf, type Language } from "../i18n/languages";
import { Booking } from "./Booking";
import { ErrorBoundary } from "./ErrorBoundary";
import { Fallback } from "./Fallback";
import { Frame } from "./Frame";
import type { Services } from "./services";
import { Skeleton } from "./Skeleton";

interface Props {
  services: Services;
  configId: string | null;
  /** Of which the first texts are here; null where only the business can say. */
  language: Language | null;
  /** Dresses the shadow root in the business's brand. */
  onBrand: (kit: BrandKit | null) => void;
  onClosed: () => void;
}

/** From the click to the first question: loads the flow for this page, or offers the phone. */
export function App({ services, configId, language, onBrand, onClosed }: Props) {
  const [resolved, setResolved] = useState<Resolved | null>(null);
  const [screen, setScreen] = useState<FallbackScreen | null>(null);
  const [failed, setFailed] = useState(false);
  const [busy, setBusy] = useState(false);
  const [spoken, setSpoken] = useState<Language>(language ?? "en");
  const t = translator(spoken);

  const load = useCallback(() => {
    setBusy(true);
    services
      .resolve(configId)
      .then(
        async (answer) => {
          if (!language) setSpoken(await speak(languageOf(answer.organization.locale) ?? "en", FIRST));
          onBrand(answer.brand_kit);
          setResolved(answer);
          setFailed(false);
        },
        (error: unknown) => {
          if (error instanceof ApiError) {
            setScreen(error.problem.fallback_phone_number_screen ?? null);
            onBrand(error.problem.brand_kit ?? null);
          }
          setFailed(true);
        },
      )
      .finally(() => setBusy(false));
  }, [configId]);
  useEffect(load, [configId]);

  const plain = (onRetry: (() => void) | null) => (
    <Frame t={t} kit={null} title="" progress={null} onBack={null} onClose={onClosed} live="">
      {failed || onRetry ? (
        <Fallback t={t} screen={screen} phone={services.phone} busy={busy} onRetry={onRetry ?? load} />
      ) : (
        <Skeleton label={t("frame.loading")} />
      )}
    </Frame>
  );
  if (!resolved) return plain(null);
  return (
    <ErrorBoundary fallback={plain}>
      <Booking services={services} resolved={resolved} language={spoken} configKey={configId ?? "default"} onClosed={onClosed} />
    </ErrorBoundary>
  );
}
