/** One of the icons that the back office has anyway. Decorative: the words beside it carry the meaning. */
export function Symbol({ name, className = "" }: { name: string; className?: string }) {
  return (
    <span className={`material-symbols-outlined ge-symbol ${className}`} aria-hidden="true">
      {name}
    </span>
  );
}

/** An icon as customers see it, from its path. */
export function Drawing({ path }: { path: string }) {
  return (
    <svg className="ge-drawing" viewBox="0 0 24 24" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
