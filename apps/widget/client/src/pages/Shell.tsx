import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Connection } from "../api/connection";
import type { BrandKit } from "../api/types";
import { Brand } from "../app/Brand";
import { Icon } from "../app/Icon";
import { OfflineBanner } from "../app/OfflineBanner";
import { Skeleton } from "../app/Skeleton";
import { useWords, WordsContext, type Words } from "../app/words";

interface Props {
  words: Words;
  connection: Connection;
  kit: BrandKit | null;
  name: string;
  children: ComponentChildren;
}

/** The frame of a page: the business above, what it is about below. */
export function Shell({ words, connection, kit, name, children }: Props) {
  useEffect(() => {
    if (name) document.title = name;
  }, [name]);
  return (
    <WordsContext.Provider value={words}>
      <header class="page-head">{name && <Brand kit={kit} title={name} />}</header>
      <OfflineBanner connection={connection} t={words.t} />
      <main class="page-body">{children}</main>
    </WordsContext.Provider>
  );
}

/** Before anything can be said: the page in outline. */
export function Waiting() {
  return (
    <main class="page-body">
      <Skeleton label="" />
    </main>
  );
}

/** A heading that takes the focus as it appears, so that a change is read out. */
export function Heading({ icon, tone = "", title, text }: { icon?: string; tone?: string; title: string; text?: string | null }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), [title]);
  return (
    <div class="page-title">
      {icon && (
        <span class={`badge ${tone}`}>
          <Icon name={icon} size={26} />
        </span>
      )}
      <h2 class="title" tabIndex={-1} ref={heading}>
        {title}
      </h2>
      {text && <p class="lead">{text}</p>}
    </div>
  );
}

export function Broken() {
  const { t } = useWords();
  return <Heading icon="alert-triangle" title={t("page.broken")} text={t("page.brokenText")} />;
}

export function Alarm({ text }: { text: string | null }) {
  return (
    text && (
      <p class="notice warn" role="alert" data-testid="page-error">
        <Icon name="alert-triangle" size={18} />
        {text}
      </p>
    )
  );
}
