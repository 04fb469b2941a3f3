import { useState } from "preact/hooks";
import type { BrandKit } from "../api/types";

/** The business's logo, or its initial where there is none (or it does not load), with the dialog's title. */
export function Brand({ kit, title }: { kit: BrandKit | null; title: string }) {
  const [broken, setBroken] = useState(false);
  const logo = kit?.logo_url && !broken ? kit.logo_url : null;
  return (
    <div class="brand">
      {logo ? (
        <img class="logo" src={logo} alt="" onError={() => setBroken(true)} />
      ) : (
        title && (
          <span class="monogram" aria-hidden="true">
            {title.trim().charAt(0).toUpperCase()}
          </span>
        )
      )}
      <h1 class="name" id="wb-title">
        {title}
      </h1>
    </div>
  );
}
