import { useEffect, useState } from "preact/hooks";
import type { Connection } from "../api/connection";
import type { Translate } from "../i18n";

export function OfflineBanner({ connection, t }: { connection: Connection; t: Translate }) {
  const [offline, setOffline] = useState(connection.offline);
  useEffect(() => connection.subscribe(setOffline), [connection]);
  if (!offline) return null;
  return (
    <div class="banner" role="status" data-testid="offline-banner">
      <span>{t("offline.text")}</span>
      <button type="button" class="link" data-testid="retry" onClick={connection.retry}>
        {t("retry")}
      </button>
    </div>
  );
}
